import type { Queryable } from '../pool.ts';
import type { BegunMail } from './begin_sends.ts';
import { type Unclaimed, unclaimed } from './claim_sub_tasks.ts';
import { type ClaimResult, resultArguments, resultColumns } from './complete_claims.ts';
import { type Hint, type HintRow, hintArgument, hintColumns, hintValues, toHint } from './hint.ts';

export interface Exchange {
  /** Ids of results that were refused, since their token is no longer current. */
  readonly refused: string[];
  readonly handout: Handout;
}

/** What there is to send now. */
export type Handout = BegunMails | Unclaimed;

/** Mails that are to be written now. */
export interface BegunMails {
  readonly outcome: 'claimed';
  readonly taskId: string;
  readonly mails: BegunMail[];
  /** Where the next exchange may begin to look. */
  readonly hint: Hint;
}

export interface Wanted {
  readonly serviceId: string;
  readonly loopToken: string;
  /** A new UUID: should the answer be lost, it tells which mails were not written. */
  readonly claimToken: string;
  /** Mails, 1 or more. */
  readonly limit: number;
  readonly hint: Hint | null;
}

interface Row extends HintRow {
  outcome: 'claimed' | Unclaimed['outcome'] | null;
  wait_ms: number | null;
  refused: string[] | null;
  task_id: string | null;
  sender_email: string | null;
  sender_display_name: string | null;
  reply_to: string | null;
  track_opens: boolean | null;
  track_clicks: boolean | null;
  id: string;
  refusals: number;
  recipient_email: string;
  subject: string;
  html: string;
  plain: string;
  tracking_id: string;
}

const text = `select outcome, wait_ms, ${hintColumns}, refused, task_id, sender_email, sender_display_name, reply_to, track_opens, track_clicks,
  id, refusals, recipient_email, subject, html, plain, tracking_id
  from app_private.exchange_mails($1, $2, $3, $4, ${hintArgument(5)}, ${resultArguments(10)})`;

/** Records what mails came to and begins others, in one commit. Throws 55P03, with nothing recorded, when the service stays locked for a second. */
export async function exchangeMails(db: Queryable, wanted: Wanted, results: readonly ClaimResult[]): Promise<Exchange> {
  const { rows } = await db.query<Row>({
    name: 'exchange_mails',
    text,
    values: [
      wanted.serviceId,
      wanted.loopToken,
      wanted.claimToken,
      wanted.limit,
      ...hintValues(wanted.hint),
      ...resultColumns(results),
    ],
  });
  const [head, ...mails] = rows;
  if (head === undefined || head.outcome === null) throw new Error('exchange_mails gave no answer');
  return { refused: head.refused ?? [], handout: toHandout(head, head.outcome, mails) };
}

function toHandout(head: Row, outcome: NonNullable<Row['outcome']>, mails: Row[]): Handout {
  if (outcome !== 'claimed') return unclaimed(outcome, head.wait_ms);
  const { task_id: taskId, sender_email: senderEmail } = head;
  const hint = toHint(head);
  if (taskId === null || senderEmail === null || hint === null) throw new Error('mails without their Task');
  const common = {
    taskId,
    senderEmail,
    senderDisplayName: head.sender_display_name,
    replyTo: head.reply_to,
    trackOpens: head.track_opens ?? false,
    trackClicks: head.track_clicks ?? false,
  };
  return { outcome, taskId, hint, mails: mails.map((row) => ({ ...common, ...ownPart(row) })) };
}

function ownPart(row: Row) {
  return {
    id: row.id,
    refusals: row.refusals,
    recipientEmail: row.recipient_email,
    subject: row.subject,
    html: row.html,
    text: row.plain,
    trackingId: row.tracking_id,
  };
}
