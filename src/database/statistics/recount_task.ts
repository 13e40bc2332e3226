import { type Queryable, safeInteger } from '../pool.ts';

/** A counter of a Task that is not what its rows say. */
export interface Drift {
  /** Null: a counter of all its mails; otherwise of what one service did for it. */
  readonly serviceId: string | null;
  readonly counter: string;
  readonly kept: number;
  readonly counted: number;
}

/**
 * Compares a Task's statistics with its rows, and mends them unless `dryRun`.
 * @throws NTFND
 */
export async function recountTask(
  db: Queryable,
  taskId: string,
  { dryRun, why }: { dryRun: boolean; why: string },
): Promise<Drift[]> {
  const { rows } = await db.query<{ service_id: string | null; counter: string; kept: string; counted: string }>(
    'select * from app_private.recount_task($1, $2, $3)',
    [taskId, dryRun, why],
  );
  return rows.map(({ service_id, counter, kept, counted }) => ({
    serviceId: service_id,
    counter,
    kept: safeInteger(kept),
    counted: safeInteger(counted),
  }));
}
