// What the signatures of all providers have in common: a window of time, a comparison that tells nothing, several secrets.
import { hash, timingSafeEqual } from 'node:crypto';
import type { WebhookRequest } from './webhook_source.ts';

/** How far the time in a signature may lie from ours, either way, edges included: what Standard Webhooks and Svix allow. */
export const SIGNATURE_WINDOW_MS = 300_000;

/** As the providers write them. A sign, a fraction, an exponent or a blank is no number of theirs. */
const SECONDS = /^\d{10}$/;
const MILLISECONDS = /^\d{13}$/;

/** The time that seconds since 1970 name, in milliseconds, or null when they name none. */
export function signedSeconds(digits: string): number | null {
  return SECONDS.test(digits) ? Number(digits) * 1_000 : null;
}

/** The same where the provider doesn't say which unit it is: thirteen digits are milliseconds. */
export function signedTime(digits: string): number | null {
  return MILLISECONDS.test(digits) ? Number(digits) : signedSeconds(digits);
}

/** Whether a signed time is recent enough that its request is no recording played again. */
export function isWithinWindow(signedMs: number | null, now: Date): boolean {
  return signedMs !== null && Math.abs(now.getTime() - signedMs) <= SIGNATURE_WINDOW_MS;
}

/** In a time that depends on neither value, nor on whether their lengths are equal. */
export function isSame(given: string, expected: string): boolean {
  return isAmong([given], expected);
}

/** Whether one of these is the same as the other value; all are compared, so that the time taken does not tell which. */
export function isAmong(values: readonly string[], other: string): boolean {
  const wanted = digest(other);
  return values.map((value) => timingSafeEqual(digest(value), wanted)).includes(true);
}

/**
 * Whether one of the secrets passes. All are tried, so that the time taken does not tell which; but not an empty one, with which anybody
 * can sign.
 */
export function passesAny(secrets: readonly string[], passes: (secret: string) => boolean): boolean {
  return secrets.map((secret) => passes(secret) && secret !== '').includes(true);
}

/** A header that stands there once; null when it is missing, empty or repeated: which of two was signed can't be told. */
export function headerOf({ headers }: WebhookRequest, name: string): string | null {
  const value = headers[name] ?? [];
  const values = typeof value === 'string' ? [value] : value;
  return (values.length === 1 && values[0]) || null;
}

function digest(value: string): Buffer {
  return hash('sha256', value, 'buffer');
}
