import type { Queryable } from '../pool.ts';

/** Keeps the error of a webhook body. `isFinal`: it is parked; otherwise tried again, ever later, ten times. */
export async function failEvent(db: Queryable, id: number, error: string, isFinal: boolean): Promise<void> {
  await db.query('select app_private.fail_event($1, $2, $3)', [id, error, isFinal]);
}
