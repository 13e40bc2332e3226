import { Logger, makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { createPool, type Queryable } from '../pool.ts';

const role = 'postilion_worker';
const silent = new Logger(() => () => {});

/**
 * graphile-worker's own migrations, run as the worker's role: its tables have row-level security without policies,
 * so only their owner can work with them. Its schema exists already.
 */
export async function migrateWorker(db: Queryable, url: string): Promise<void> {
  const database = await databaseToLend(db);
  if (database !== undefined) await db.query(`grant create on database ${database} to ${role}`);
  const pool = createPool({ connectionString: url, role, max: 2, applicationName: 'postilion migrate' });
  try {
    await runWorkerMigrations(pool);
  } finally {
    await pool.end();
    if (database !== undefined) await db.query(`revoke create on database ${database} from ${role}`);
  }
}

// "create schema if not exists", the first thing graphile-worker does, asks for CREATE on the database even where the
// schema exists. So the role has it on loan; a loan that an earlier run could not take back is taken back by this one.
async function databaseToLend(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ name: string }>(
    `select current_database() as name
      where to_regclass('graphile_worker.migrations') is null
         or has_database_privilege($1, current_database(), 'create')`,
    [role],
  );
  return rows[0] && pg.escapeIdentifier(rows[0].name);
}

async function runWorkerMigrations(pgPool: pg.Pool): Promise<void> {
  const worker = await makeWorkerUtils({ pgPool, schema: 'graphile_worker', logger: silent });
  try {
    await worker.migrate();
  } finally {
    await worker.release();
  }
}
