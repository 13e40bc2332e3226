import type { Queryable } from '../pool.ts';

/** The addresses of mails that wait in paused Tasks. */
export async function waitingRecipients(db: Queryable): Promise<Set<string>> {
  const { rows } = await db.query<{ recipient: string }>(
    `select distinct m.recipient_email as recipient
       from app_public.tasks t
       join app_public.sub_tasks s on s.task_id = t.id and s.status = 'pending'
       join app_public.sub_task_mails m on m.sub_task_id = s.id
      where t.status = 'paused'`,
  );
  return new Set(rows.map(({ recipient }) => recipient));
}
