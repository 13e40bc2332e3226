import { type Queryable, safeInteger } from '../pool.ts';

export interface Repair {
  readonly what: string;
  readonly hash: string;
  readonly task: string | null;
  /** For the audit trail. */
  readonly why: string;
}

/**
 * Carries out the plan of one kind of repair.
 * @returns how many it met
 * @throws TRANS when the plan is another by now
 */
export async function mend(db: Queryable, { what, hash, task, why }: Repair): Promise<number> {
  const { rows } = await db.query<{ count: string }>('select ops.mend($1, $2, $3, $4) as count', [
    what,
    hash,
    task,
    why,
  ]);
  return safeInteger(rows[0]?.count ?? '0');
}
