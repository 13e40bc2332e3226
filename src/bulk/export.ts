// The contents of a workspace as CSV, a piece at a time, as fast as somebody reads.
import { stringify } from 'csv-stringify/sync';
import type pg from 'pg';
import { asCaller, type Caller } from '../database/as_caller.ts';
import {
  confirmExport,
  type ExportedContact,
  type ExportedSuppression,
  fetchExport,
  openContactExport,
  openSuppressionExport,
} from '../database/bulk/export_cursor.ts';
import type { Imported } from '../database/bulk/staged_import.ts';
import type { Queryable } from '../database/pool.ts';
import { guarded } from './guarded_cell.ts';
import { tagCell } from './tag_cell.ts';

export interface ExportOptions {
  readonly what: Imported;
  readonly workspaceId: string;
  /** Only Contacts that have it; null: all. */
  readonly tag: string | null;
  /** Throws once who asked is no longer let in. Asked before each piece: a file takes as long as its reader likes. Default: nobody is asked. */
  readonly confirm?: () => Promise<void>;
}

/** A reader that takes nothing for so long holds a snapshot that keeps the database from cleaning up. */
const limits = { statementMs: 60_000, idleMs: 60_000 };

interface Kind<Row extends ExportedContact | ExportedSuppression> {
  readonly header: readonly string[];
  open(db: Queryable, options: ExportOptions): Promise<void>;
  cells(row: Row): string[];
}

const contacts: Kind<ExportedContact> = {
  header: ['email', 'name', 'timezone', 'tags', 'attributes'],
  open: (db, { workspaceId, tag }) => openContactExport(db, workspaceId, tag),
  cells: ({ email, name, timezone, tags, attributes }) => [
    email,
    name ?? '',
    timezone ?? '',
    tagCell(tags),
    attributes,
  ],
};

const suppressions: Kind<ExportedSuppression> = {
  header: ['email', 'reason'],
  open: (db, { workspaceId }) => openSuppressionExport(db, workspaceId),
  cells: ({ email, reason }) => [email, reason],
};

/**
 * Calls `write` with one piece of CSV after the other, each when the one before has been taken.
 * @throws DatabaseError NTFND, FRBDN before the first piece, NTFND later when the caller was put out of the workspace; what `write` and `confirm` throw
 */
export function exportFile(
  pool: pg.Pool,
  caller: Caller,
  options: ExportOptions,
  write: (piece: string) => Promise<void>,
): Promise<void> {
  return asCaller(pool, caller, limits, (db) =>
    options.what === 'contact'
      ? exportWith(db, contacts, options, write)
      : exportWith(db, suppressions, options, write),
  );
}

async function exportWith<Row extends ExportedContact | ExportedSuppression>(
  db: Queryable,
  kind: Kind<Row>,
  options: ExportOptions,
  write: (piece: string) => Promise<void>,
): Promise<void> {
  await kind.open(db, options);
  await write(csv([[...kind.header]]));
  for (let rows = await fetchExport<Row>(db); rows.length > 0; rows = await fetchExport<Row>(db)) {
    await options.confirm?.();
    await confirmExport(db, options.workspaceId);
    await write(csv(rows.map((row) => kind.cells(row).map(guarded))));
  }
}

function csv(rows: string[][]): string {
  return stringify(rows, { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}
