import type { Queryable } from '../pool.ts';
import type { BulkVerb } from './change_batch.ts';

/** Tasks with rows that a bulk verb should still change. */
export async function unfinishedChanges(db: Queryable): Promise<{ taskId: string; verb: BulkVerb }[]> {
  const { rows } = await db.query<{ task_id: string; verb: BulkVerb }>(
    'select task_id, verb from app_private.unfinished_changes()',
  );
  return rows.map(({ task_id, verb }) => ({ taskId: task_id, verb }));
}
