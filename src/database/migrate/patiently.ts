// A migration that waits for a table has everybody wait behind it who wants that table after it: a long report would stop the whole queue. So it
// waits a moment only, lets the others pass, and tries again.
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../error_code.ts';
import { MigrationFailed } from './failed.ts';

/** How long others wait behind us, at most. */
export const lockTimeout = '1s';
const pauseMs = 1_000;
const mostTries = 60;

/** @throws MigrationFailed when a table is in use all the time, and whatever else `work` throws */
export async function patiently<T>(work: () => Promise<T>, log: (message: string) => void): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isInUse(error)) throw error;
      if (tries === mostTries) throw new MigrationFailed(`${messageOf(error)}. ${remedy}`, { cause: error });
      log(`${messageOf(error)}; trying again`);
      await sleep(pauseMs);
    }
  }
}

const remedy =
  'A long transaction holds the table: select pid, xact_start, query from pg_stat_activity order by 2; end it, and migrate again';

/** lock_not_available, itself or as the reason of a failed file. */
export function isInUse(error: unknown): boolean {
  return codeOf(error) === '55P03' || (error instanceof Error && codeOf(error.cause) === '55P03');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
