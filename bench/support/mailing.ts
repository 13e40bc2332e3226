import type pg from 'pg';
import { sampleTemplate } from '../../src/rendering/sample_template.ts';

/** A due Task of its own workspace with this many recipients. */
export async function aMailing(pool: pg.Pool, recipients: number): Promise<{ taskId: string; contactsMs: number }> {
  const workspaceId = await id(pool, `insert into app_public.workspaces (name) values ('Benchmark') returning id`);
  const startedAt = performance.now();
  await pool.query(
    `insert into app_public.contacts (workspace_id, email, attributes, tags)
     select $1, 'reader' || n || '@example.com', jsonb_build_object('first_name', 'Reader ' || n), array['reader']
       from generate_series(1, $2::integer) as n`,
    [workspaceId, recipients],
  );
  const contactsMs = performance.now() - startedAt;
  await pool.query('vacuum analyze app_public.contacts');
  const senderId = await id(
    pool,
    `insert into app_public.senders (workspace_id, name) values ($1, 'news') returning id`,
    [workspaceId],
  );
  const templateId = await id(
    pool,
    `insert into app_public.templates (workspace_id, name, subject, html) values ($1, 'Newsletter', $2, $3) returning id`,
    [workspaceId, sampleTemplate.subject, sampleTemplate.html],
  );
  const taskId = await id(pool, `select id from app_public.create_task($1, 'Benchmark', $2, array[$3::uuid])`, [
    workspaceId,
    senderId,
    templateId,
  ]);
  await pool.query('select app_public.schedule_task($1)', [taskId]);
  return { taskId, contactsMs };
}

async function id(pool: pg.Pool, text: string, values: unknown[] = []): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(text, values);
  const [row] = rows;
  if (row === undefined) throw new Error(`no row: ${text}`);
  return row.id;
}
