import type { Queryable } from '../pool.ts';

/** Why a claimed SubTask must not be handed over; see docs/errors.md. */
export type Refusal = 'LEASE' | 'HALTD' | 'FROZN' | 'SUPPR';

export interface BegunMail {
  id: string;
  taskId: string;
  recipientEmail: string;
  senderEmail: string;
  senderDisplayName: string | null;
  replyTo: string | null;
  subject: string;
  html: string;
  text: string;
  trackingId: string;
  /** Definite refusals so far. */
  refusals: number;
  trackOpens: boolean;
  trackClicks: boolean;
}

export interface Begun {
  mails: BegunMail[];
  refused: { id: string; refusal: Refusal }[];
}

interface Row {
  id: string;
  refusal: Refusal | null;
  recipient_email: string;
  sender_email: string;
  sender_display_name: string | null;
  reply_to: string | null;
  subject: string;
  html: string;
  plain: string;
  tracking_id: string;
  task_id: string;
  refusals: number;
  track_opens: boolean;
  track_clicks: boolean;
}

/** Commits the hand-over of claimed SubTasks, before the provider is called. Refused ones stay claimed: give them back. */
export async function beginSends(db: Queryable, claimToken: string, subTaskIds: string[]): Promise<Begun> {
  const { rows } = await db.query<Row>({
    name: 'begin_sends',
    text: 'select * from app_private.begin_sends($1, $2)',
    values: [claimToken, subTaskIds],
  });
  const begun: Begun = { mails: [], refused: [] };
  for (const row of rows) {
    if (row.refusal === null) begun.mails.push(toMail(row));
    else begun.refused.push({ id: row.id, refusal: row.refusal });
  }
  return begun;
}

function toMail(row: Row): BegunMail {
  return {
    id: row.id,
    taskId: row.task_id,
    recipientEmail: row.recipient_email,
    senderEmail: row.sender_email,
    senderDisplayName: row.sender_display_name,
    replyTo: row.reply_to,
    subject: row.subject,
    html: row.html,
    text: row.plain,
    trackingId: row.tracking_id,
    refusals: row.refusals,
    trackOpens: row.track_opens,
    trackClicks: row.track_clicks,
  };
}
