import type { Queryable } from '../pool.ts';

/** Resolves the alerts of services that send again. @returns how many. */
export async function resolveServiceAlerts(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.resolve_service_alerts() as count');
  return rows[0]?.count ?? 0;
}
