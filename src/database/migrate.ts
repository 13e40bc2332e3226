// The way from any earlier state of a database to this checkout's: forward-only migrations, then graphile-worker's own,
// then the functions. In that order: the first creates the worker's role and schema, and functions call add_job.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { MigrationFailed, placeInFile } from './migrate/failed.ts';
import { readFunctionFiles } from './migrate/function_files.ts';
import { applyFunctions, applyFunctionsHere } from './migrate/functions.ts';
import { lockTimeout, patiently } from './migrate/patiently.ts';
import { type Plan, rehearse } from './migrate/plan.ts';
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
    const migrations = await patiently(() => runMigrations(db, migrationsDir), log);
    for (const name of migrations) log(`migration ${name}`);
    await migrateWorker(db, url);
    const functions = await patiently(() => applyFunctions(db, functionsDir), log);
    for (const path of functions) log(`function ${path}`);
    await preparePartitions(db);
    return { migrations, functions };
  } finally {
    await db.end();
  }
}

/**
 * What `migrate` would do, and which tables it would lock. Of a database that has nothing of ours yet: every file, and no locks.
 * @throws DatabaseError: 55P03 where a table is in use, 57014 where a file takes longer than a rehearsal may
 */
export async function planMigration({ url, ...dirs }: Omit<MigrateOptions, 'log'>): Promise<Plan> {
  const { migrationsDir = join(dbDir, 'migrations'), functionsDir = join(dbDir, 'functions') } = dirs;
  const db = new pg.Client({ connectionString: url, application_name: 'postilion migrate' });
  db.on('error', () => {});
  await db.connect();
  try {
    await lock(db);
    const { rows } = await db.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [
      `${schema}.${table}`,
    ]);
    if (!rows[0]?.exists) return emptyPlan(await pendingFiles(null, migrationsDir), functionsDir);
    return await rehearse(db, {
      migrations: await texts(migrationsDir, await pendingFiles(db, migrationsDir)),
      applyFunctions: () => applyFunctionsHere(db, functionsDir),
    });
  } finally {
    await db.end();
  }
}

async function emptyPlan(files: string[], functionsDir: string): Promise<Plan> {
  const functions = (await readFunctionFiles(functionsDir)).map(({ path }) => path);
  const migrations = files.map((file) => ({ file: nameOf(file), locks: [] }));
  return { migrations, functions: { files: functions, locks: [] } };
}

function texts(dir: string, files: readonly string[]) {
  return Promise.all(
    files.map(async (file) => ({ name: nameOf(file), text: await readFile(join(dir, file), 'utf8') })),
  );
}

const nameOf = (file: string) => file.replace(/\.sql$/, '');

// Held by this session until it ends, over all three parts.
async function lock(db: pg.Client): Promise<void> {
  await db.query('set statement_timeout = 0; set lock_timeout = 0; set client_min_messages = warning');
  await db.query('select pg_advisory_lock($1)', [lockKey]);
  await db.query(`set lock_timeout = '${lockTimeout}'`);
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
  const [first] = await pendingFiles(db, dir);
  return first === undefined ? undefined : join(dir, first);
}

/** The files that are not applied yet, in order; without a database: all. */
async function pendingFiles(db: pg.Client | null, dir: string): Promise<string[]> {
  const names = db === null ? [] : (await db.query<{ name: string }>(`select name from ${schema}.${table}`)).rows;
  const done = new Set(names.map(({ name }) => `${name}.sql`));
  return (await readdir(dir)).filter((file) => file.endsWith('.sql') && !done.has(file)).toSorted();
}
