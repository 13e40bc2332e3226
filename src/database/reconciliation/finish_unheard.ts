import type { Queryable } from '../pool.ts';

/** Says that a provider was asked for what takeUnheard gave. */
export async function finishUnheard(db: Queryable, serviceId: string, age: string, position: string): Promise<void> {
  await db.query('select app_private.finish_unheard($1, $2, $3)', [serviceId, age, position]);
}
