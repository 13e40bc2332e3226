// For commands that ask or tell the database something and end.
import type pg from 'pg';
import { createPool } from '../database/pool.ts';
import { Fault, publicFault } from '../server/errors.ts';
import { openInstallation } from './open.ts';

/** Runs `work` as the owner of the installation's database, migrated. */
export async function withInstallationDatabase<T>(
  applicationName: string,
  work: (db: pg.Pool) => Promise<T>,
): Promise<T> {
  await using opened = new AsyncDisposableStack();
  const { url, close } = await openInstallation();
  opened.defer(close);
  const pool = createPool({ connectionString: url, applicationName, max: 1 });
  opened.defer(() => pool.end());
  return await work(pool).catch((error) => {
    throw explained(error);
  });
}

/** What the database says of what was asked is for the person who asked. */
function explained(error: unknown): unknown {
  const fault = publicFault(error);
  return fault === null ? error : new Fault(fault.code, fault.message, { cause: error });
}
