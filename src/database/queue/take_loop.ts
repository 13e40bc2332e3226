import type { Queryable } from '../pool.ts';

/** Makes this pool the one loop of a service. @returns the loop's token, or null when a live loop has the service. */
export async function takeLoop(db: Queryable, serviceId: string, poolId: string): Promise<string | null> {
  const { rows } = await db.query<{ token: string | null }>({
    name: 'take_loop',
    text: 'select app_private.take_loop($1, $2) as token',
    values: [serviceId, poolId],
  });
  return rows[0]?.token ?? null;
}
