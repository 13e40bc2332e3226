// What the signatures of several providers have in common.
import { timingSafeEqual } from 'node:crypto';
import type { WebhookRequest } from './webhook_source.ts';

/** How far apart their clock and ours may be: what Standard Webhooks and Svix allow. */
export const TOLERANCE_MS = 300_000;

/** A header that stands there once; null when it is missing, empty or repeated: which of two was signed can't be told. */
export function headerOf({ headers }: WebhookRequest, name: string): string | null {
  const value = headers[name] ?? [];
  const values = typeof value === 'string' ? [value] : value;
  return (values.length === 1 && values[0]) || null;
}

/** Edges included. Never for NaN. */
export function isTimely(milliseconds: number, now: Date): boolean {
  return Math.abs(now.getTime() - milliseconds) <= TOLERANCE_MS;
}

/** In constant time; how long a signature is, is no secret. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
