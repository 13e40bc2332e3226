// The way from any earlier state of a database to this checkout's: forward-only migrations, then graphile-worker's own,
// then the functions. In that order: the first creates the worker's role and schema, and functions call add_job.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { MigrationFailed, placeInFile } from './migrate/failed.ts';
import { applyFunctions } from './migrate/functions.ts';
import { migrateWorker } from './migrate/worker_schema.ts';

export { MigrationFailed } from './migrate/failed.ts';

const dbDir = join(import.meta.dirname, '..', '..', 'db');
const schema = 'postilion_migrations';
const table = 'migrations';

// Ours in pg_advisory_lock's space of this database; any number, but always the same.
const lockKey = 5_678_246_810;

/** Beside the current one. */
const monthsAhead = 2;

export interface MigrateOptions {
  /** As the owner of everything: a superuser, or a role that may create roles and schemas. */
  url: string;
  log?: ((message: string) => void) | undefined;
  migrationsDir?: string;
  functionsDir?: string;
}

/** What a run changed: names of migrations, paths of functions inside their directory (also of those dropped). */
export interface Migrated {
  migrations: string[];
  functions: string[];
}

/**
 * Brings a database up to date. Any number of processes may call it at once: one does the work, the others wait for it.
 * @throws MigrationFailed naming file and line
 */
export async function migrate({ url, log = () => {}, ...dirs }: MigrateOptions): Promise<Migrated> {
  const { migrationsDir = join(dbDir, 'migrations'), functionsDir = join(dbDir, 'functions') } = dirs;
  const db = new pg.Client({ connectionString: url, application_name: 'postilion migrate' });
  db.on('error', () => {});
  await db.connect();
  try {
    await lock(db);
    const migrations = await runMigrations(db, migrationsDir);
    for (const name of migrations) log(`migration ${name}`);
    await migrateWorker(db, url);
    const functions = await applyFunctions(db, functionsDir);
    for (const path of functions) log(`function ${path}`);
    await preparePartitions(db);
    return { migrations, functions };
  } finally {
    await db.end();
  }
}

// Held by this session until it ends, over all three parts.
async function lock(db: pg.Client): Promise<void> {
  await db.query('set statement_timeout = 0; set lock_timeout = 0; set client_min_messages = warning');
  await db.query('select pg_advisory_lock($1)', [lockKey]);
}

// So that no event meets a month without its partition, however new the database is. Absent in a directory of other functions.
async function preparePartitions(db: pg.Client): Promise<void> {
  const name = 'app_private.ensure_partitions(integer)';
  const { rows } = await db.query<{ exists: boolean }>('select to_regprocedure($1) is not null as exists', [name]);
  if (rows[0]?.exists) await db.query('select app_private.ensure_partitions($1)', [monthsAhead]);
}

// One transaction a file: a new enum value can not be used in the transaction that adds it.
async function runMigrations(db: pg.Client, dir: string): Promise<string[]> {
  try {
    const done = await runner({
      dbClient: db,
      dir,
      direction: 'up',
      migrationsSchema: schema,
      createMigrationsSchema: true,
      migrationsTable: table,
      ignorePattern: '(?!.*\\.sql$).*',
      singleTransaction: false,
      advisoryLockMode: 'wait',
      logger: { info: () => {}, warn: () => {}, error: () => {} },
    });
    return done.map(({ name }) => name);
  } catch (error) {
    throw await migrationFailed(db, dir, error);
  }
}

async function migrationFailed(db: pg.Client, dir: string, error: unknown): Promise<unknown> {
  if (!(error instanceof pg.DatabaseError)) return error;
  await db.query('rollback');
  const path = await firstPending(db, dir);
  if (path === undefined) return error;
  return new MigrationFailed(placeInFile(path, await readFile(path, 'utf8'), error), { cause: error });
}

async function firstPending(db: pg.Client, dir: string): Promise<string | undefined> {
  const { rows } = await db.query<{ name: string }>(`select name from ${schema}.${table}`);
  const done = new Set(rows.map(({ name }) => `${name}.sql`));
  const pending = (await readdir(dir)).filter((file) => file.endsWith('.sql') && !done.has(file)).toSorted();
  return pending[0] === undefined ? undefined : join(dir, pending[0]);
}
