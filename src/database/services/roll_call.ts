import type { Queryable } from '../pool.ts';

export interface RollCallEntry {
  id: string;
  name: string;
  isRunning: boolean;
}

/** Every enabled service that has work, and whether something is under way to do it. */
export async function rollCall(db: Queryable): Promise<RollCallEntry[]> {
  const { rows } = await db.query<{ id: string; name: string; is_running: boolean }>(
    'select id, name, is_running from app_private.roll_call()',
  );
  return rows.map(({ id, name, is_running }) => ({ id, name, isRunning: is_running }));
}
