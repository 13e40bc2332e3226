import type { Entry } from '../../src/simulator/entry.ts';

/** The services whose mails arrived after a moment on the wall clock, with the first of each. */
export function heardOf(seen: readonly Entry[], wallAt: number): Map<string, Entry> {
  const first = new Map<string, Entry>();
  for (const entry of seen)
    if (entry.wallAt > wallAt && entry.account !== null && !first.has(entry.account)) first.set(entry.account, entry);
  return first;
}

/** How long after a moment the last of the services was heard of again. */
export function recoveryMs(seen: readonly Entry[], wallAt: number): number {
  const first = [...heardOf(seen, wallAt).values()];
  return Math.max(0, ...first.map((entry) => entry.wallAt - wallAt));
}

/** Arrivals per second from one moment to another on the wall clock. */
export function rateBetween(seen: readonly Entry[], from: number, until: number): number {
  return seen.filter(({ wallAt }) => wallAt >= from && wallAt < until).length / ((until - from) / 1_000);
}
