import type { Queryable } from '../pool.ts';

/** Which of these contact attributes no recipient of the Task has. */
export async function unknownAttributes(db: Queryable, taskId: string, names: string[]): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('select app_private.unknown_attributes($1, $2) as name', [
    taskId,
    names,
  ]);
  return rows.map((row) => row.name);
}
