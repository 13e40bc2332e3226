import type { Queryable } from '../pool.ts';

export interface QueuedAlertMail {
  readonly subTaskId: string;
  readonly trackingId: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Queues the mail of a message before all others, and settles the message. @throws DatabaseError BADIN, SUPPR, LIMIT */
export async function queueAlertMail(db: Queryable, deliveryId: string, mail: QueuedAlertMail): Promise<void> {
  const { subTaskId, trackingId, subject, html, text } = mail;
  await db.query('select app_private.queue_alert_mail($1, $2, $3, $4, $5, $6)', [
    deliveryId,
    subTaskId,
    trackingId,
    subject,
    html,
    text,
  ]);
}
