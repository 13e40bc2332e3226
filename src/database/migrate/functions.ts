import pg from 'pg';
import type { Queryable } from '../pool.ts';
import { MigrationFailed, placeInFile } from './failed.ts';
import { type FunctionFile, readFunctionFiles } from './function_files.ts';

const table = 'postilion_migrations.functions';

interface Applied {
  path: string;
  hash: string;
  /** As regprocedure prints them while only pg_catalog is on the search path. */
  signatures: string[];
}

/** A function of one name; `version` changes whenever anything touches it. */
interface Found {
  signature: string;
  version: string;
}

// undefined_function, undefined_table, undefined_object, undefined_column, invalid_schema_name: another file may mend it.
const missing = new Set(['42883', '42P01', '42704', '42703', '3F000']);

// invalid_function_definition, wrong_object_type: what "create or replace" can not change.
const irreplaceable = new Set(['42P13', '42809']);

/**
 * Applies the files whose hash changed and drops the functions of files that are gone, in one transaction.
 * @returns the paths concerned
 * @throws MigrationFailed
 */
export async function applyFunctions(db: Queryable, dir: string): Promise<string[]> {
  const { changed, gone } = await pendingFunctions(db, dir);
  if (changed.length + gone.length > 0) await inTransaction(db, () => applyAll(db, changed, gone));
  return [...changed, ...gone].map(({ path }) => path);
}

/** The same within the transaction that is open, which has its search_path at pg_catalog. */
export async function applyFunctionsHere(db: Queryable, dir: string): Promise<string[]> {
  const { changed, gone } = await pendingFunctions(db, dir);
  await applyAll(db, changed, gone);
  return [...changed, ...gone].map(({ path }) => path);
}

async function pendingFunctions(db: Queryable, dir: string): Promise<{ changed: FunctionFile[]; gone: Applied[] }> {
  const files = await readFunctionFiles(dir);
  const applied = await readApplied(db);
  const known = new Map(applied.map((one) => [one.path, one.hash]));
  const changed = files.filter(({ path, hash }) => known.get(path) !== hash);
  return { changed, gone: applied.filter(({ path }) => files.every((file) => file.path !== path)) };
}

async function readApplied(db: Queryable): Promise<Applied[]> {
  await db.query(`create table if not exists ${table} (
    path text primary key,
    hash text not null,
    signatures text[] not null,
    applied_at timestamptz not null default now()
  )`);
  return (await db.query<Applied>(`select path, hash, signatures from ${table} order by path`)).rows;
}

async function inTransaction(db: Queryable, work: () => Promise<void>): Promise<void> {
  await db.query('begin');
  try {
    await db.query('set local search_path to pg_catalog');
    await work();
    await db.query('commit');
  } catch (error) {
    await db.query('rollback');
    throw error;
  }
}

async function applyAll(db: Queryable, changed: FunctionFile[], gone: Applied[]): Promise<void> {
  let waiting = changed;
  while (waiting.length > 0) {
    const { later, reason } = await applyPass(db, waiting);
    if (later.length === waiting.length) throw reason;
    waiting = later;
  }
  await dropGone(db, gone);
}

/** Applies what can be applied; returns what needs something that is not there yet, and the first reason. */
async function applyPass(db: Queryable, files: FunctionFile[]): Promise<{ later: FunctionFile[]; reason: unknown }> {
  const later: FunctionFile[] = [];
  let reason: unknown;
  for (const file of files) {
    const refusal = await applyFile(db, file);
    if (refusal === undefined) continue;
    if (!missing.has(refusal.code ?? '')) throw failed(file, refusal);
    later.push(file);
    reason ??= failed(file, refusal);
  }
  return { later, reason };
}

function failed({ fullPath, text }: FunctionFile, error: pg.DatabaseError): MigrationFailed {
  return new MigrationFailed(placeInFile(fullPath, text, error), { cause: error });
}

async function applyFile(db: Queryable, file: FunctionFile): Promise<pg.DatabaseError | undefined> {
  const before = await functionsNamed(db, file.names);
  let refusal = await attempt(db, () => db.query(file.text));
  if (irreplaceable.has(refusal?.code ?? '')) refusal = await attempt(db, () => replace(db, file, before));
  refusal ??= await attempt(db, () => record(db, file, before));
  return refusal;
}

/** Runs work in a savepoint; returns what PostgreSQL had against it. */
async function attempt(db: Queryable, work: () => Promise<unknown>): Promise<pg.DatabaseError | undefined> {
  await db.query('savepoint file');
  try {
    await work();
    await db.query('release savepoint file');
    return undefined;
  } catch (error) {
    await db.query('rollback to savepoint file');
    if (error instanceof pg.DatabaseError) return error;
    throw error;
  }
}

async function replace(db: Queryable, file: FunctionFile, before: Found[]): Promise<void> {
  await drop(
    db,
    before.map(({ signature }) => signature),
  );
  await db.query(file.text);
}

// An overload the file did not touch is an older signature of the function: callers might still reach it.
async function record(db: Queryable, { path, hash, names }: FunctionFile, before: Found[]): Promise<void> {
  const old = new Set(before.map(({ version }) => version));
  const after = await functionsNamed(db, names);
  const [stale, fresh] = [after.filter((one) => old.has(one.version)), after.filter((one) => !old.has(one.version))];
  await drop(
    db,
    stale.map(({ signature }) => signature),
  );
  await db.query(
    `insert into ${table} as f (path, hash, signatures) values ($1, $2, $3)
     on conflict (path) do update set hash = excluded.hash, signatures = excluded.signatures, applied_at = now()`,
    [path, hash, fresh.map(({ signature }) => signature)],
  );
}

async function functionsNamed(db: Queryable, names: string[]): Promise<Found[]> {
  const { rows } = await db.query<Found>(
    `select p.oid::regprocedure::text as signature, p.oid || ' ' || p.ctid || ' ' || p.xmin as version
       from pg_proc p
       join pg_namespace n on n.oid = p.pronamespace
      where n.nspname || '.' || p.proname = any($1::text[])`,
    [names],
  );
  return rows;
}

async function drop(db: Queryable, signatures: string[]): Promise<void> {
  if (signatures.length > 0) await db.query(`drop routine ${signatures.join(', ')}`);
}

// What a moved file creates belongs to its new path.
async function dropGone(db: Queryable, gone: Applied[]): Promise<void> {
  const paths = gone.map(({ path }) => path);
  const { rows } = await db.query<{ signature: string }>(
    `with removed as (delete from ${table} where path = any($1) returning signatures)
     select signature from removed, unnest(signatures) as signature
      where to_regprocedure(signature) is not null
        and not exists (select from ${table} f where signature = any(f.signatures) and f.path <> all($1))`,
    [paths],
  );
  const refusal = await attempt(db, () =>
    drop(
      db,
      rows.map(({ signature }) => signature),
    ),
  );
  if (refusal !== undefined) throw new MigrationFailed(placeInFile(paths.join(', '), '', refusal), { cause: refusal });
}
