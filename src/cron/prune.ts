import type { Task } from 'graphile-worker';
import { pruneChanges } from '../database/queue/prune_changes.ts';
import type { WorkerContext } from '../worker/context.ts';

const chunk = 10_000;

/** Keeps the ledger of changes to LEDGER_DAYS days, in chunks that hold nothing up. */
export function prune({ db, config, log, stopping }: WorkerContext): Task {
  return async () => {
    let rows = 0;
    for (let count = chunk; count === chunk && !stopping.aborted; rows += count)
      count = await pruneChanges(db, config.LEDGER_DAYS, chunk);
    if (rows > 0) log.info({ rows }, 'pruned the ledger');
  };
}
