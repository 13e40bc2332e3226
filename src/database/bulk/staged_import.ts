// The SQL functions of one kind of import: what begins it, what checks the rows that were copied, what merges them.
import { type Queryable, safeInteger } from '../pool.ts';

export type Imported = 'contact' | 'suppression';

/** Where the rows go. */
const tables: Readonly<Record<Imported, string>> = {
  contact: 'pg_temp.contact_import (line, email, name, timezone, tags, attributes)',
  suppression: 'pg_temp.suppression_import (line, email, reason, note)',
};

export interface Merged {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly duplicates: number;
}

export interface Checked {
  readonly rejected: number;
  /** Of the first 1,000. */
  readonly lines: readonly number[];
}

type Int8Row<T> = { [Key in keyof T]: string };

export function copyStatement(what: Imported): string {
  return `copy ${tables[what]} from stdin`;
}

/** @throws DatabaseError NTFND, FRBDN */
export async function beginImport(db: Queryable, what: Imported, workspaceId: string): Promise<void> {
  await db.query(`select app_private.begin_${what}_import($1)`, [workspaceId]);
}

export async function checkImport(db: Queryable, what: Imported): Promise<Checked> {
  const { rows } = await db.query<{ rejected: string; lines: string[] }>(
    `select rejected, lines from app_private.check_${what}_import()`,
  );
  return { rejected: safeInteger(rows[0]?.rejected ?? '0'), lines: (rows[0]?.lines ?? []).map(safeInteger) };
}

/** @throws DatabaseError NTFND, FRBDN */
export async function mergeImport(db: Queryable, what: Imported, workspaceId: string): Promise<Merged> {
  const { rows } = await db.query<Int8Row<Merged>>(
    `select inserted, updated, unchanged, duplicates from app_private.merge_${what}_import($1)`,
    [workspaceId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the merge said nothing');
  const { inserted, updated, unchanged, duplicates } = row;
  return {
    inserted: safeInteger(inserted),
    updated: safeInteger(updated),
    unchanged: safeInteger(unchanged),
    duplicates: safeInteger(duplicates),
  };
}
