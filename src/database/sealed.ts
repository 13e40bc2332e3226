import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

// version (1 byte) | nonce (12) | tag (16) | ciphertext
const version = 1;
const nonceEnd = 13;
const headEnd = 29;

/** A sealed value that does not open: another secret, another owner, or changed bytes. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

/**
 * Encrypts an object with AES-256-GCM.
 * @param key 32 bytes, `Secret.encryption`
 * @param aad the id of the row it belongs to, so that a sealed value copied to another row does not open
 */
export function seal(key: Buffer, aad: string, object: unknown): Buffer {
  const nonce = randomBytes(nonceEnd - 1);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(aad));
  const text = Buffer.concat([cipher.update(JSON.stringify(object)), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), text]);
}

/**
 * The object that was sealed, to be parsed by the caller.
 * @throws SealBroken when the key or the aad is not the one it was sealed with
 */
export function unseal(key: Buffer, aad: string, sealed: Buffer): unknown {
  if (sealed[0] !== version || sealed.length < headEnd) throw new SealBroken('this is not a sealed value of version 1');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, nonceEnd));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(nonceEnd, headEnd));
  return JSON.parse(opened(decipher, sealed.subarray(headEnd)));
}

function opened(decipher: ReturnType<typeof createDecipheriv>, text: Buffer): string {
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString();
  } catch (cause) {
    throw new SealBroken(
      'the sealed value does not open: it was sealed with another POSTILION_SECRET, or for another row',
      {
        cause,
      },
    );
  }
}
