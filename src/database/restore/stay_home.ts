import type { Queryable } from '../pool.ts';

/** Makes this database the one in which workers send, if it is the first. @returns false in a copy of it, where all sending is stopped then. */
export async function stayHome(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ home: boolean }>('select app_private.stay_home() as home');
  return rows[0]?.home === true;
}
