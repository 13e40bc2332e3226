import type { Queryable } from '../pool.ts';

/** Gives back to workspaces what Tasks that are over hold of their quotas for mails that are never sent. @returns how many Tasks it looked at. */
export async function settleReservations(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.settle_reservations() as count');
  return rows[0]?.count ?? 0;
}
