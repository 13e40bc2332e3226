import type { Queryable } from '../pool.ts';

/** Milliseconds, from this answer, until the service may hand its next mail over; never too few. */
export async function msUntilThaw(db: Queryable, serviceId: string): Promise<number> {
  const { rows } = await db.query<{ ms: number | null }>({
    name: 'ms_until_thaw',
    text: 'select app_private.ms_until_thaw($1) as ms',
    values: [serviceId],
  });
  return rows[0]?.ms ?? 0;
}
