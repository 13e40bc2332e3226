import type { Queryable } from '../pool.ts';

/** Deletes up to `limit` refused webhooks that are over `keepDays` days old. @returns how many. */
export async function pruneWebhookRefusals(db: Queryable, keepDays: number, limit: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select app_private.prune_webhook_refusals(make_interval(days => $1), $2) as count',
    [keepDays, limit],
  );
  return rows[0]?.count ?? 0;
}
