import type { Queryable } from '../pool.ts';

/** A Task that is not done. */
export interface HeldTask {
  readonly taskId: string;
  readonly name: string;
  /** Its state in the copy, and its state now. */
  readonly was: string;
  readonly is: string;
}

/**
 * Makes a copy of a database the one in which workers send, and holds what may have been sent meanwhile.
 * @param since when the copy was made; null: nothing was sent since
 * @throws BADIN when that moment is still to come
 */
export async function afterRestore(db: Queryable, since: Date | null): Promise<HeldTask[]> {
  const { rows } = await db.query<HeldTask>(
    `select task_id as "taskId", name, status_before as "was", status_now as "is" from app_hidden.after_restore($1)`,
    [since],
  );
  return rows;
}
