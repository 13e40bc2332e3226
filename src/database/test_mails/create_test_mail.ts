import type { RenderedSubTask } from '../generation/insert_batch.ts';
import type { Selecting } from './selecting.ts';

export interface NewTestMail {
  readonly workspaceId: string;
  /** Whose files go along, and whose tracking it has; null: none. */
  readonly taskId: string | null;
  readonly senderId: string;
  /** Null: whichever may send it first. */
  readonly emailServiceId: string | null;
  readonly to: string;
  readonly mail: RenderedSubTask;
}

/** Queues a rendered mail before all others. @returns the id of its Task. @throws DatabaseError BADIN, SUPPR, LIMIT */
export async function createTestMail(db: Selecting, given: NewTestMail): Promise<string> {
  const { workspaceId, taskId, senderId, emailServiceId, to, mail } = given;
  const { id, templateId, trackingId, subject, html, text, links } = mail;
  const { rows } = await db.query<{ id: string }>({
    text: 'select app_private.create_test_mail($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as id',
    values: [workspaceId, taskId, templateId, senderId, emailServiceId, id, to, trackingId, subject, html, text, links],
  });
  const [created] = rows;
  if (created === undefined) throw new Error('create_test_mail answered nothing');
  return created.id;
}
