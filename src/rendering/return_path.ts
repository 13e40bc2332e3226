// The address that bounces of one mail go to: <local part>+<token>@<domain> (VERP). The token says which mail, and proves that whoever writes
// to it has seen that mail; so nobody can have an address suppressed by sending bounces of mails that he never got.
//
// A return path passes through servers that write it in lower case, and must stay short (64 octets before the "@"). So its token is base32 in
// lower case: the tracking id's 96 bits in 20 characters, and 80 bits of its signature in 16.
import { timingSafeEqual } from 'node:crypto';
import { BOUNCE_SLOT, TokenSigner } from './token.ts';

/** RFC 4648, 6. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_BYTES = 12;
const ID_LENGTH = 20;
const SIGNATURE_BYTES = 10;
const TOKEN_IN_ADDRESS = /\+([a-z2-7]{36})@/gi;

/** How many a text may name before the rest is left alone: a message that is full of them is no bounce. */
const MAX_TOKENS = 20;

/** @param bounceAddress with 27 characters at most before the "@" */
export function returnPathOf(bounceAddress: string, key: Buffer, trackingId: string): string {
  const at = bounceAddress.lastIndexOf('@');
  return `${bounceAddress.slice(0, at)}+${tokenOf(key, trackingId)}${bounceAddress.slice(at)}`;
}

/** The tracking id in the first return path of ours that a text names, whatever else it holds; null when there is none. */
export function trackingIdIn(text: string, keys: readonly Buffer[]): string | null {
  for (const [, token = ''] of Array.from(text.matchAll(TOKEN_IN_ADDRESS)).slice(0, MAX_TOKENS)) {
    const trackingId = verified(token.toLowerCase(), keys);
    if (trackingId !== null) return trackingId;
  }
  return null;
}

function tokenOf(key: Buffer, trackingId: string): string {
  const signature = Buffer.from(new TokenSigner(key, trackingId).signature(BOUNCE_SLOT), 'base64url');
  return base32(Buffer.from(trackingId, 'base64url')) + base32(signature.subarray(0, SIGNATURE_BYTES));
}

function verified(token: string, keys: readonly Buffer[]): string | null {
  const trackingId = fromBase32(token.slice(0, ID_LENGTH)).toString('base64url');
  const given = Buffer.from(token);
  return keys.some((key) => timingSafeEqual(Buffer.from(tokenOf(key, trackingId)), given)) ? trackingId : null;
}

function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** What is left of the last bits counts for nothing here: the token is compared as a whole. */
function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).slice(0, ID_BYTES);
  return Buffer.from(bytes.map((eight) => Number.parseInt(eight, 2)));
}
