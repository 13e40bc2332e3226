// What the signatures of all providers have in common: a window of time, a comparison that tells nothing, several secrets.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebhookRequest } from './webhook_source.ts';

/** How far the time in a signature may lie from ours, either way, edges included. */
export const SIGNATURE_WINDOW_MS = 300_000;

/** Seconds or milliseconds since 1970, as the providers write them. A sign, an exponent or a blank is no number of theirs. */
const SECONDS = /^\d{10}(\.\d{1,9})?$/;
const MILLISECONDS = /^\d{13}$/;

/** The time a signature names, in milliseconds since 1970, or null when it names none. */
export function signedTime(value: string | number | null): number | null {
  const digits = String(value ?? '');
  if (MILLISECONDS.test(digits)) return Number(digits);
  return SECONDS.test(digits) ? Math.round(Number(digits) * 1_000) : null;
}

/** Whether a signed time is recent enough that its request is no recording played again. */
export function isWithinWindow(signedMs: number | null, now: Date): boolean {
  return signedMs !== null && Math.abs(now.getTime() - signedMs) <= SIGNATURE_WINDOW_MS;
}

/** In a time that depends on neither value, nor on whether their lengths are equal. */
export function isSame(given: string | Uint8Array, expected: string | Uint8Array): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Whether one of the secrets passes. All are tried, so that the time taken does not tell which; but not an empty one, with which anybody
 * can sign.
 */
export function passesAny(secrets: readonly string[], passes: (secret: string) => boolean): boolean {
  return secrets.map((secret) => passes(secret) && secret !== '').includes(true);
}

/** A header that came exactly once; of two different signatures none is to be believed. */
export function headerOf(request: WebhookRequest, name: string): string | null {
  const value = request.headers[name];
  if (typeof value === 'string') return value;
  return value?.length === 1 ? (value[0] ?? null) : null;
}

function digest(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest();
}
