import type { Queryable } from '../pool.ts';

/** Wakes services that have work and nothing under way to begin it. @returns which. */
export async function wakeIdleServices(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.wake_idle_services() as id');
  return rows.map((row) => row.id);
}
