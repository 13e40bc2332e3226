import { z } from 'zod';
import type { Queryable } from '../pool.ts';

export const repairStep = z.strictObject({
  /** The kind of repair. */
  what: z.string(),
  /** To what: an id, or a name where there is none. */
  subject: z.string(),
  name: z.string(),
  howMany: z.coerce.number(),
  says: z.string(),
  /** Of the plan of its kind: what `mend` carries it out by. */
  hash: z.string(),
});

export type RepairStep = z.infer<typeof repairStep>;

/**
 * What a repair would do now.
 * @param what one kind, or `all`
 * @param task whose statistics alone; null: everything
 * @throws BADIN, NTFND
 */
export async function readPlan(db: Queryable, what: string, task: string | null): Promise<RepairStep[]> {
  const { rows } = await db.query(
    'select what, subject, name, how_many as "howMany", says, hash from ops.read_plan($1, $2)',
    [what, task],
  );
  return z.array(repairStep).parse(rows);
}
