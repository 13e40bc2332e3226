import type { Queryable } from '../pool.ts';

/** The runner processes registered on a host. */
export async function poolsOfHost(db: Queryable, host: string): Promise<{ id: string; pid: number }[]> {
  const { rows } = await db.query<{ id: string; pid: number }>('select id, pid from app_private.pools_of_host($1)', [
    host,
  ]);
  return rows;
}
