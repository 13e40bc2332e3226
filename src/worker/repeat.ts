import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';

/** Does something again and again, never twice at once; an error is logged and the next turn comes all the same. */
export function repeat(everyMs: number, turn: () => Promise<unknown>, log: Logger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  async function forEver(): Promise<void> {
    while (!stopping.signal.aborted) {
      await turn().catch((error: unknown) => log.warn({ err: error }, 'a periodic step failed; it is tried again'));
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  const ended = forEver();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
