import type { Queryable } from '../pool.ts';

/**
 * Shuts a user out, at once, or lets them in again.
 * @throws DatabaseError BADIN for the last admin
 */
export async function setUserDisabled(db: Queryable, userId: string, isDisabled: boolean): Promise<void> {
  await db.query('select app_public.set_user_disabled($1, $2)', [userId, isDisabled]);
}
