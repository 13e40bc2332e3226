import { createPool, type Queryable } from '../../database/pool.ts';
import { Fault, publicFault } from '../../server/errors.ts';
import { type Installation, openInstallation } from '../open.ts';

/** Runs `work` as the owner, with the secret that seals. */
export async function withSecret<T>(work: (db: Queryable, installation: Installation) => Promise<T>): Promise<T> {
  await using opened = new AsyncDisposableStack();
  const installation = await openInstallation();
  opened.defer(installation.close);
  const db = createPool({ connectionString: installation.url, applicationName: 'postilion alerts', max: 1 });
  opened.defer(() => db.end());
  try {
    return await work(db, installation);
  } catch (error) {
    const fault = publicFault(error);
    throw fault === null ? error : new Fault(fault.code, fault.message, { cause: error });
  }
}
