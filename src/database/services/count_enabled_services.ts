import type { Queryable } from '../pool.ts';

export async function countEnabledServices(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.count_enabled_services() as count');
  return rows[0]?.count ?? 0;
}
