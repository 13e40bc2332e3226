import type { Queryable } from '../pool.ts';

/** Wakes services that have work and nothing under way to begin it. `why`: they are entered into the repairs. @returns which. */
export async function wakeIdleServices(db: Queryable, why: string | null = null): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.wake_idle_services($1) as id', [why]);
  return rows.map((row) => row.id);
}
