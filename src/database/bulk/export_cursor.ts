import type { Queryable } from '../pool.ts';

/** A row of the export as the database has it. */
export interface ExportedContact {
  email: string;
  name: string | null;
  timezone: string | null;
  tags: string[];
  /** JSON. */
  attributes: string;
}

export interface ExportedSuppression {
  email: string;
  reason: string;
}

const rowsAtOnce = 2_000;

/** @throws DatabaseError NTFND, FRBDN */
export async function openContactExport(db: Queryable, workspaceId: string, tag: string | null): Promise<void> {
  await db.query('select app_private.open_contact_export($1, $2)', [workspaceId, tag]);
}

/** @throws DatabaseError NTFND, FRBDN */
export async function openSuppressionExport(db: Queryable, workspaceId: string): Promise<void> {
  await db.query('select app_private.open_suppression_export($1)', [workspaceId]);
}

/** @throws DatabaseError NTFND when who began it sees the workspace no more */
export async function confirmExport(db: Queryable, workspaceId: string): Promise<void> {
  await db.query('select app_private.confirm_export($1)', [workspaceId]);
}

/** What the open cursor has next; nothing at its end. */
export async function fetchExport<Row extends ExportedContact | ExportedSuppression>(db: Queryable): Promise<Row[]> {
  const { rows } = await db.query<Row>(`fetch ${rowsAtOnce} from bulk_export`);
  return rows;
}
