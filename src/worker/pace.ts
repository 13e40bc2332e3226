// Waiting to the fraction of a millisecond, on the monotonic clock.
import { setTimeout as sleep } from 'node:timers/promises';

// A timer may be this late; the rest is spent in the event loop.
const timerSlackMs = 1.5;

/** Resolves at `target` (performance.now() ms), or at once when the signal is aborted. @returns false when aborted. */
export async function waitUntil(target: number, signal?: AbortSignal): Promise<boolean> {
  const coarse = target - performance.now() - timerSlackMs;
  if (coarse > 0) await sleep(coarse, undefined, signal && { signal }).catch(() => {});
  while (performance.now() < target && !signal?.aborted) await new Promise(setImmediate);
  return !signal?.aborted;
}
