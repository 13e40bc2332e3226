import type { Task } from 'graphile-worker';
import { pruneChanges } from '../database/queue/prune_changes.ts';
import { pruneWebhookRefusals } from '../database/webhooks/prune_webhook_refusals.ts';
import type { WorkerContext } from '../worker/context.ts';

const chunk = 10_000;
const refusalDays = 7;

/** Keeps the ledger of changes to LEDGER_DAYS days and refused webhooks to a week, in chunks that hold nothing up. */
export function prune({ db, config, log, stopping }: WorkerContext): Task {
  const inChunks = async (deleteSome: () => Promise<number>) => {
    let rows = 0;
    for (let count = chunk; count === chunk && !stopping.aborted; rows += count) count = await deleteSome();
    return rows;
  };
  return async () => {
    const changes = await inChunks(() => pruneChanges(db, config.LEDGER_DAYS, chunk));
    const refusals = await inChunks(() => pruneWebhookRefusals(db, refusalDays, chunk));
    if (changes + refusals > 0) log.info({ changes, refusals }, 'pruned the ledger and refused webhooks');
  };
}
