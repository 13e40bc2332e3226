import type { Queryable } from '../pool.ts';

/** The next Tasks whose statistics shall be compared with their rows: up to `limit`, and about `mails` rows. */
export async function takeTasksToCheck(db: Queryable, limit: number, mails: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.take_tasks_to_check($1, $2) as id', [
    limit,
    mails,
  ]);
  return rows.map(({ id }) => id);
}
