import type { Queryable } from '../pool.ts';

/** One rendered SubTask; `error` set: it could not be rendered and is inserted as failed. */
export interface RenderedSubTask {
  id: string;
  contactId: string;
  templateId: string;
  email: string;
  trackingId: string;
  subject: string;
  html: string;
  text: string;
  /** Targets of tracked links by number; without line breaks. */
  links: readonly string[];
  error: string | null;
}

/** Inserts one batch. @returns false when it was done already, or the Task stopped generating. */
export async function insertBatch(
  db: Queryable,
  taskId: string,
  number: number,
  rows: readonly RenderedSubTask[],
): Promise<boolean> {
  const answer = await db.query<{ inserted: boolean }>({
    name: 'insert_batch',
    text: 'select app_private.insert_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as inserted',
    values: [
      taskId,
      number,
      rows.map((row) => row.id),
      rows.map((row) => row.contactId),
      rows.map((row) => row.templateId),
      rows.map((row) => row.email),
      rows.map((row) => row.trackingId),
      rows.map((row) => row.subject),
      rows.map((row) => row.html),
      rows.map((row) => row.text),
      rows.map((row) => row.links.join('\n')),
      rows.map((row) => row.error),
    ],
  });
  return answer.rows[0]?.inserted ?? false;
}
