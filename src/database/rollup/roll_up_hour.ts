import { z } from 'zod';
import type { Queryable } from '../pool.ts';

const outcome = z.enum(['rolled_up', 'waiting', 'up_to_date']);

/** Closes the next hour of hourly_statistics. `waiting`: for transactions that may still bring a row of it. */
export async function rollUpHour(db: Queryable): Promise<z.infer<typeof outcome>> {
  const { rows } = await db.query('select app_private.roll_up_hour() as outcome');
  return outcome.parse(rows[0]?.['outcome']);
}
