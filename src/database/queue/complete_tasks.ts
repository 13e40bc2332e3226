import type { Queryable } from '../pool.ts';

/** Completes every Task that has no open row left. @returns their ids. */
export async function completeTasks(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.complete_tasks() as id');
  return rows.map((row) => row.id);
}
