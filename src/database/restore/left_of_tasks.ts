import type { Queryable } from '../pool.ts';

export interface Left {
  readonly pending: number;
  readonly uncertain: number;
}

/** How many mails of each Task wait, and how many are in doubt. */
export async function leftOfTasks(db: Queryable, taskIds: readonly string[]): Promise<Map<string, Left>> {
  const { rows } = await db.query<Left & { id: string }>(
    `select m.task_id as id, count(*) filter (where status = 'pending')::integer as pending,
            count(*) filter (where status = 'uncertain')::integer as uncertain
       from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id where m.task_id = any ($1) group by m.task_id`,
    [taskIds],
  );
  return new Map(rows.map(({ id, ...left }) => [id, left]));
}
