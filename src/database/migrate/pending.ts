// What a migration of this database would do, without doing any of it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from '../pool.ts';
import { readFunctionFiles } from './function_files.ts';

export interface Pending {
  /** Names of migrations that are not applied. */
  readonly migrations: readonly string[];
  /** Paths of functions that are not applied, or changed since. */
  readonly functions: readonly string[];
  /** Names of migrations that were applied and that this program does not know: the database is newer. */
  readonly unknown: readonly string[];
}

const dbDir = join(import.meta.dirname, '..', '..', '..', 'db');

export async function pending(db: Queryable): Promise<Pending> {
  const applied = await readNames(db, 'migrations', 'name');
  const known = (await readdir(join(dbDir, 'migrations')))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''));
  const functions = await readNames(db, 'functions', `path || ' ' || hash`);
  const files = await readFunctionFiles(join(dbDir, 'functions'));
  return {
    migrations: known.filter((name) => !applied.has(name)).toSorted(),
    functions: files.filter(({ path, hash }) => !functions.has(`${path} ${hash}`)).map(({ path }) => path),
    unknown: [...applied].filter((name) => !known.includes(name)).toSorted(),
  };
}

/** Empty where the database was never migrated. */
async function readNames(db: Queryable, table: 'migrations' | 'functions', expression: string): Promise<Set<string>> {
  const name = `postilion_migrations.${table}`;
  const { rows: there } = await db.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [name]);
  if (!there[0]?.exists) return new Set();
  const { rows } = await db.query<{ name: string }>(`select ${expression} as name from ${name}`);
  return new Set(rows.map((row) => row.name));
}
