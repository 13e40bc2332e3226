import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { isBusy } from './busy.ts';

const attempts = 10;
const pauseMs = 3_000;

/** Waits so many milliseconds; rejects when the process is asked to end. */
export type Pause = (ms: number) => Promise<unknown>;

export interface Patience {
  readonly log: Logger;
  readonly stopping: AbortSignal;
  /** When it is tried again by itself, in words. */
  readonly again: string;
  readonly pause?: Pause;
}

/**
 * What changes a partitioned table needs all of it for a moment, and behind a long report or a backup there is none: it gives up at once, so
 * that nobody waits behind it, and is tried a few times. @returns null when that was in vain.
 */
export async function patiently<T>(
  { log, stopping, again, pause = (ms) => sleep(ms, undefined, { signal: stopping }) }: Patience,
  what: string,
  step: () => Promise<T>,
): Promise<T | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (attempt >= attempts || stopping.aborted) {
        log.warn({ what }, `the inbox is in use; it is tried again ${again}`);
        return null;
      }
      await pause(pauseMs);
    }
  }
}
