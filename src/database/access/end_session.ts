import type { Queryable } from '../pool.ts';

/** Ends a session, if it has not ended yet. */
export async function endSession(db: Queryable, sessionId: string): Promise<void> {
  await db.query('select app_private.end_session($1)', [sessionId]);
}
