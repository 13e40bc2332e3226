// Signed tokens in tracking and unsubscribe links. A token names a mail and proves that we issued it; it holds no host, for the
// host is chosen at hand-over, and nothing needs to be stored to check it.
//
//   open, unsubscribe   <tracking id>.<signature>
//   click               <tracking id>.<link number>.<signature>
//   bounce              in letters and digits alone, see return_path.ts
//
// One HMAC a token (2 µs each, eight a mail) would take as long as all the rest of rendering. So the signatures of one mail are cut
// from a keyed stream: block n of a mail is HMAC-SHA-512(key, "<tracking id>.<n>"), and each (kind, link number) owns one 96-bit slot of one block.
// HMAC is a pseudorandom function: its output on distinct messages, hence every disjoint slice of it, is independent of all
// others to whoever lacks the key. A slice is therefore as good a signature of its slot as an HMAC of its own cut to 96 bits.
import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

/** o: open, c: click, u: unsubscribe. */
export type TokenKind = 'o' | 'c' | 'u';

export interface VerifiedToken {
  readonly trackingId: string;
  /** Index into the mail's links; null unless the token is a click's. */
  readonly linkNumber: number | null;
}

const SIGNATURE_LENGTH = 16;
/** 64 bytes hold five slots of 12 bytes; 12 bytes are exactly 16 base64url characters, so slots can be cut from the encoded text. */
const SLOTS_PER_BLOCK = 5;
const MAX_LINK_NUMBER = 99_999;
/** After the last link's. */
export const BOUNCE_SLOT = 2 + MAX_LINK_NUMBER + 1;
const TRACKING_ID_LENGTH = 16;

const plainShape = /^([\w-]{16})\.([\w-]{16})$/;
/** No leading zeros: one link has one token. */
const clickShape = /^([\w-]{16})\.(0|[1-9][0-9]{0,4})\.([\w-]{16})$/;

/** Node prepares a key given as bytes anew for each HMAC (14 µs); a KeyObject is prepared once. */
const preparedKeys = new WeakMap<Buffer, KeyObject>();

function prepared(key: Buffer): KeyObject {
  let keyObject = preparedKeys.get(key);
  if (keyObject === undefined) {
    keyObject = createSecretKey(key);
    preparedKeys.set(key, keyObject);
  }
  return keyObject;
}

function slotOf(kind: TokenKind, linkNumber: number): number {
  if (kind === 'o') return 0;
  if (kind === 'u') return 1;
  return 2 + linkNumber;
}

/** Signs the tokens of one mail, computing each block of signatures at most once. */
export class TokenSigner {
  readonly trackingId: string;
  readonly #key: KeyObject;
  readonly #blocks: string[] = [];

  constructor(key: Buffer, trackingId: string) {
    this.trackingId = trackingId;
    this.#key = prepared(key);
  }

  open(): string {
    return `${this.trackingId}.${this.signature(slotOf('o', 0))}`;
  }

  unsubscribe(): string {
    return `${this.trackingId}.${this.signature(slotOf('u', 0))}`;
  }

  /** @throws RangeError when the number is not a whole one from 0 to 99,999. */
  click(linkNumber: number): string {
    if (!Number.isInteger(linkNumber) || linkNumber < 0 || linkNumber > MAX_LINK_NUMBER) {
      throw new RangeError(`a link number is a whole number from 0 to ${MAX_LINK_NUMBER}, not ${linkNumber}`);
    }
    return `${this.trackingId}.${linkNumber}.${this.signature(slotOf('c', linkNumber))}`;
  }

  signature(slot: number): string {
    const begin = (slot % SLOTS_PER_BLOCK) * SIGNATURE_LENGTH;
    return this.#block(Math.floor(slot / SLOTS_PER_BLOCK)).slice(begin, begin + SIGNATURE_LENGTH);
  }

  #block(number: number): string {
    this.#blocks[number] ??= createHmac('sha512', this.#key).update(`${this.trackingId}.${number}`).digest('base64url');
    return this.#blocks[number];
  }
}

/**
 * Issues one token. `linkNumber` counts for clicks only.
 * @throws RangeError when a click's link number is not a whole one from 0 to 99,999.
 */
export function signToken(key: Buffer, kind: TokenKind, trackingId: string, linkNumber = 0): string {
  const signer = new TokenSigner(key, trackingId);
  if (kind === 'o') return signer.open();
  if (kind === 'u') return signer.unsubscribe();
  return signer.click(linkNumber);
}

/**
 * Checks a token as it came over the wire, in constant time for each key.
 * @param keys all that may have signed it
 * @returns null for anything we did not issue; never throws
 */
export function verifyToken(keys: readonly Buffer[], kind: TokenKind, token: string): VerifiedToken | null {
  const [, trackingId, ...rest] = (kind === 'c' ? clickShape : plainShape).exec(token) ?? [];
  const signature = rest.pop();
  if (trackingId === undefined || signature === undefined) return null;
  const linkNumber = rest[0] === undefined ? null : Number(rest[0]);
  const slot = slotOf(kind, linkNumber ?? 0);
  return keys.some((key) => isSignature(signature, key, trackingId, slot)) ? { trackingId, linkNumber } : null;
}

function isSignature(signature: string, key: Buffer, trackingId: string, slot: number): boolean {
  const expected = new TokenSigner(key, trackingId).signature(slot);
  return timingSafeEqual(Buffer.from(expected, 'latin1'), Buffer.from(signature, 'latin1'));
}

const IDS_PER_DRAW = 512;
let drawn = '';
let used = 0;

/** A new mail's public name: 96 random bits as 16 URL-safe characters. One system call serves 512 of them. */
export function newTrackingId(): string {
  if (used >= drawn.length) {
    drawn = randomBytes(12 * IDS_PER_DRAW).toString('base64url');
    used = 0;
  }
  used += TRACKING_ID_LENGTH;
  return drawn.slice(used - TRACKING_ID_LENGTH, used);
}
