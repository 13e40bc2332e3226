import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** The DKIM record of a new RSA key. */
export function rsaRecord(bits: number): string {
  return `v=DKIM1; k=rsa; p=${base64(generateKeyPairSync('rsa', { modulusLength: bits }).publicKey, 'spki')}`;
}

/** The same in the form that the grammar of RFC 6376 names. */
export function pkcs1Record(bits: number): string {
  return `p=${base64(generateKeyPairSync('rsa', { modulusLength: bits }).publicKey, 'pkcs1')}`;
}

export function ed25519Record(): string {
  const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  return `v=DKIM1; k=ed25519; p=${key.subarray(-32).toString('base64')}`;
}

function base64(key: KeyObject, type: 'spki' | 'pkcs1'): string {
  return key.export({ type, format: 'der' }).toString('base64');
}
