import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

// version (1 byte) | id of the key (8) | nonce (12) | tag (16) | ciphertext
const version = 2;
const idEnd = 9;
const nonceEnd = 21;
const headEnd = 37;

/** A sealed value that does not open: another secret, another owner, or changed bytes. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

/**
 * Names a key without telling anything of it: 8 bytes, the same wherever the key is derived.
 * @param key 32 bytes, `Keys.encryption`
 */
export function keyIdOf(key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update('id')
    .digest()
    .subarray(0, idEnd - 1);
}

/**
 * Encrypts an object with AES-256-GCM.
 * @param key 32 bytes, `Secret.encryption`
 * @param aad the id of the row it belongs to, so that a sealed value copied to another row does not open
 */
export function seal(key: Buffer, aad: string, object: unknown): Buffer {
  const head = Buffer.concat([Buffer.of(version), keyIdOf(key)]);
  const nonce = randomBytes(nonceEnd - idEnd);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.concat([head, Buffer.from(aad)]));
  const text = Buffer.concat([cipher.update(JSON.stringify(object)), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), text]);
}

/**
 * The object that was sealed, to be parsed by the caller.
 * @param keys all that are known, see `knownKeys`; the value says which of them it needs
 * @throws SealBroken when that is none of them, or the aad is not the one it was sealed with
 */
export function unseal(keys: readonly Buffer[], aad: string, sealed: Buffer): unknown {
  if (sealed[0] !== version || sealed.length < headEnd) throw new SealBroken('this is not a sealed value of version 2');
  const head = sealed.subarray(0, idEnd);
  const decipher = createDecipheriv('aes-256-gcm', keyNamed(head.subarray(1), keys), sealed.subarray(idEnd, nonceEnd));
  decipher.setAAD(Buffer.concat([head, Buffer.from(aad)]));
  decipher.setAuthTag(sealed.subarray(nonceEnd, headEnd));
  return JSON.parse(opened(decipher, sealed.subarray(headEnd)));
}

function keyNamed(id: Buffer, keys: readonly Buffer[]): Buffer {
  const key = keys.find((each) => keyIdOf(each).equals(id));
  if (key !== undefined) return key;
  throw new SealBroken(
    'the sealed value does not open: it was sealed with another POSTILION_SECRET, which POSTILION_PREVIOUS_SECRETS does not name',
  );
}

function opened(decipher: ReturnType<typeof createDecipheriv>, text: Buffer): string {
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString();
  } catch (cause) {
    throw new SealBroken('the sealed value does not open: it was sealed for another row, or was changed', { cause });
  }
}
