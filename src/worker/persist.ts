import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerContext } from './context.ts';

/** How long to try while the database is away; by then a lease has run out and others have settled what is left. */
const persistForMs = 60_000;

/** Repeats a statement that must not be lost, with a growing delay, until the database takes it. Throws its last error after a minute. */
export async function persist<T>(
  context: Pick<WorkerContext, 'log'>,
  complaint: string,
  statement: () => Promise<T>,
): Promise<T> {
  const giveUpAt = performance.now() + persistForMs;
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 2_000)) {
    try {
      return await statement();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      context.log.warn({ err: error }, complaint);
      await sleep(delayMs);
    }
  }
}
