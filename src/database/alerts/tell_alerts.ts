import type { Queryable } from '../pool.ts';

/** Writes the messages that are to be sent. @returns how many changes they tell */
export async function tellAlerts(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ changes: number }>('select app_private.tell_alerts() as changes');
  return rows[0]?.changes ?? 0;
}
