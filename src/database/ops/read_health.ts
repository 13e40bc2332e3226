import { z } from 'zod';
import type { Queryable } from '../pool.ts';

export const healthStates = ['ok', 'warning', 'critical'] as const;

export const healthLine = z.strictObject({
  name: z.string(),
  state: z.enum(healthStates),
  /** What was found. */
  says: z.string(),
  /** What to do; empty: nothing. */
  remedy: z.string(),
  /** The sweep mends it within seconds: it counts when it is still so then. */
  mayPass: z.boolean(),
  numbers: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
});

export type HealthLine = z.infer<typeof healthLine>;

/** One look at the installation. As postilion_operator. */
export async function readHealth(db: Queryable): Promise<HealthLine[]> {
  const { rows } = await db.query(
    'select name, state, says, remedy, may_pass as "mayPass", numbers from ops.read_health()',
  );
  return z.array(healthLine).parse(rows);
}
