import type { Queryable } from '../pool.ts';

/** Completes every Task that has no open row left. `why`: they are entered into the repairs. @returns their ids. */
export async function completeTasks(db: Queryable, why: string | null = null): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.complete_tasks($1) as id', [why]);
  return rows.map((row) => row.id);
}
