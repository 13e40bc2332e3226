import { resolveServiceAlerts } from '../database/alerts/resolve_service_alerts.ts';
import type { Queryable } from '../database/pool.ts';
import { releasePool } from '../database/pools/release_pool.ts';
import { silentPools } from '../database/pools/silent_pools.ts';
import { completeTasks } from '../database/queue/complete_tasks.ts';
import { reapLeases } from '../database/queue/reap_leases.ts';
import { unfinishedChanges } from '../database/queue/unfinished_changes.ts';
import { settleReservations } from '../database/quotas/settle_reservations.ts';
import { wakeIdleServices } from '../database/services/wake_idle_services.ts';
import type { Logger } from '../log.ts';
import type { LeaseMeter } from '../metrics/leases_expired.ts';
import { changeAll } from '../tasks/change_sub_tasks.ts';

/** In the audit trail. */
const why = 'found by the sweep';

/** Finds and mends what crashes leave behind. What was mended is entered into app_hidden.repairs; most runs find nothing, and write nothing. Safe to run anywhere, any number of times; each step is a transaction of its own. */
export async function sweep(db: Queryable, log: Logger, meter?: LeaseMeter): Promise<void> {
  for (const pool of await silentPools(db)) {
    log.warn({ pool }, 'gave up a silent worker');
    await releasePool(db, pool, false, 'the sweep found it silent');
  }
  const leases = await reapLeases(db, why);
  meter?.(leases);
  if (leases > 0) log.warn({ leases }, 'settled expired leases');
  const idle = await wakeIdleServices(db, why);
  if (idle.length > 0) log.info({ services: idle }, 'woke services that had work and no run');
  // To send again what is uncertain is the Task's own policy, not a repair.
  for (const { taskId, verb } of await unfinishedChanges(db))
    await changeAll(db, taskId, verb, null, verb === 'cancel' ? why : null);
  await completeTasks(db, why);
  await settleReservations(db);
  await resolveServiceAlerts(db);
}
