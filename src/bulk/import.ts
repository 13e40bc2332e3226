// One file, one transaction: its rows are copied as they come, then checked and merged. Whatever breaks on the way leaves nothing.
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { asCaller, type Caller } from '../database/as_caller.ts';
import {
  beginImport,
  checkImport,
  copyStatement,
  type Imported,
  type Merged,
  mergeImport,
} from '../database/bulk/staged_import.ts';
import { notAnAddress } from './address_cell.ts';
import type { ColumnNames } from './columns.ts';
import { ContactRows } from './contact_rows.ts';
import type { RowFault } from './faults.ts';
import type { DelimiterName } from './header.ts';
import { RowStream } from './row_stream.ts';
import { SuppressionRows } from './suppression_rows.ts';

/** The slowest that may happen: an hour for a file, and for its merge. */
const limits = { statementMs: 3_600_000, idleMs: 60_000 };

export interface ImportOptions {
  readonly what: Imported;
  readonly workspaceId: string;
  readonly names: ColumnNames;
  /** For every Contact. */
  readonly tags: readonly string[];
  /** Null: it is found out. */
  readonly delimiter: DelimiterName | null;
  /** One bad row, and nothing is taken. */
  readonly isStrict: boolean;
  /** Asked when the whole file is there, which may be an hour later: throws when its sender may no more. */
  readonly confirm?: () => Promise<void>;
  /** Told now and then how many rows there were. */
  readonly onRead?: (rows: number) => void;
}

export interface ImportResult extends Merged {
  /** Rows of the file: the sum of all the others. */
  readonly read: number;
  readonly rejected: number;
  /** The first 1,000. */
  readonly errors: readonly RowFault[];
  /** Whether anything was taken: not of a file with a bad row where all of it was to be good. */
  readonly isTaken: boolean;
}

/** Carries what was found out of a transaction that is to be rolled back. */
class NotTaken extends Error {
  override name = 'NotTaken';
  readonly result: ImportResult;

  constructor(result: ImportResult) {
    super('the file has a bad row');
    this.result = result;
  }
}

const nothing: Merged = { inserted: 0, updated: 0, unchanged: 0, duplicates: 0 };

/**
 * @param open gives the file's bytes, once the database is ready for them; they are read no faster than it takes them
 * @throws Fault BADIN: it can not be read at all; DatabaseError NTFND, FRBDN; the source's own error
 */
export async function importFile(
  pool: pg.Pool,
  caller: Caller,
  open: () => Readable,
  options: ImportOptions,
): Promise<ImportResult> {
  try {
    return await asCaller(pool, caller, limits, (db) => importWith(db, open, options));
  } catch (error) {
    if (error instanceof NotTaken) return error.result;
    throw error;
  }
}

async function importWith(db: pg.PoolClient, open: () => Readable, options: ImportOptions): Promise<ImportResult> {
  const { what, workspaceId, isStrict, delimiter, onRead, confirm } = options;
  await beginImport(db, what, workspaceId);
  const writer = (names: readonly string[]) => writerOf(options, names);
  const rows = new RowStream({ delimiter, writer, ...(onRead && { onRead }) });
  await pipeline(open(), rows, db.query(copyFrom(copyStatement(what))));
  await confirm?.();
  const { rejected, lines } = await checkImport(db, what);
  rows.faults.addAll(rejected, lines, { reason: notAnAddress });
  const found = { read: rows.rows, rejected: rows.faults.count, errors: rows.faults.first };
  if (isStrict && found.rejected > 0) throw new NotTaken({ ...found, ...nothing, isTaken: false });
  return { ...found, ...(await mergeImport(db, what, workspaceId)), isTaken: true };
}

function writerOf({ what, names, tags }: ImportOptions, titles: readonly string[]) {
  return what === 'contact' ? new ContactRows(titles, names, tags) : new SuppressionRows(titles, names);
}
