import type { Task } from 'graphile-worker';
import { pruneSignIns } from '../database/access/prune_sign_ins.ts';
import { pruneChanges } from '../database/queue/prune_changes.ts';
import { forgetRepairs } from '../database/statistics/forget_repairs.ts';
import { pruneWebhookRefusals } from '../database/webhooks/prune_webhook_refusals.ts';
import type { WorkerContext } from '../worker/context.ts';

const chunk = 10_000;
const refusalDays = 7;

/** Keeps the ledger of changes and the audit trail of repairs to LEDGER_DAYS days, refused webhooks to a week and sign-ins while they count, in chunks that hold nothing up. */
export function prune({ db, config, log, stopping }: WorkerContext): Task {
  const inChunks = async (deleteSome: () => Promise<number>) => {
    let rows = 0;
    for (let count = chunk; count >= chunk && !stopping.aborted; rows += count) count = await deleteSome();
    return rows;
  };
  return async () => {
    const changes = await inChunks(() => pruneChanges(db, config.LEDGER_DAYS, chunk));
    const repairs = await inChunks(() => forgetRepairs(db, config.LEDGER_DAYS, chunk));
    const refusals = await inChunks(() => pruneWebhookRefusals(db, refusalDays, chunk));
    const signIns = await inChunks(() => pruneSignIns(db, chunk));
    if (changes + repairs + refusals + signIns > 0)
      log.info({ changes, repairs, refusals, signIns }, 'pruned what is not kept any longer');
  };
}
