// What of WAL would fall by chance into one measurement and not into the next.
import { DatabaseError } from 'pg';
import type { Queryable } from '../../src/database/pool.ts';

const insufficientPrivilege = '42501';

/** So that none is due for 2 GB; on a server where we may not, it comes when it comes. */
export async function checkpoint(db: Queryable): Promise<void> {
  await db.query('checkpoint').catch((error: unknown) => {
    if (!(error instanceof DatabaseError && error.code === insufficientPrivilege)) throw error;
  });
}

/**
 * Has a server write as much as lies between two checkpoints, so that its WAL files are there to be used again, as in any that is in use. Where each is made and
 * filled with zeros first, the same batches of 200 were 29,000/s at the beginning of a run and 37,000/s at its end.
 */
export async function breakIn(db: Queryable): Promise<void> {
  await db.query(`select pg_logical_emit_message(false, 'bench', repeat('x', 8388608)) from generate_series(1, 256)`);
  await checkpoint(db);
}
