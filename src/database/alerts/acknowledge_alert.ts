import type { Queryable } from '../pool.ts';

/** Open alerts whose id begins so; two at most. As the owner. */
export async function alertsBeginning(db: Queryable, beginning: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'select id from app_public.alerts where resolved_at is null and starts_with(id::text, lower($1)) limit 2',
    [beginning],
  );
  return rows.map(({ id }) => id);
}

/** Says that somebody has seen an open alert, so that it is told no more unless it becomes worse. */
export async function acknowledgeAlert(db: Queryable, id: string): Promise<void> {
  await db.query('select app_public.acknowledge_alert($1)', [id]);
}
