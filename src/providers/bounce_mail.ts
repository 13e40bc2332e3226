// Bounces and complaints that come by mail. `postilion bounces` records each message as it came, and in a header of its own the tracking id from the
// return path that we had signed, if one was in it: the key is where messages are recorded, not where they are read.
//
// Mail can be forged by anyone, so a message without that proof decides nothing: its events are kept as `other`, with what they claim. One with
// the proof speaks of that one mail, whatever else it names: no id or address in it may lead to another.
import { createHash } from 'node:crypto';
import { deliveryReports } from '../bounces/delivery_status.ts';
import { feedbackReports } from '../bounces/feedback_report.ts';
import { first } from '../bounces/fields.ts';
import { type Message, messageOf } from '../bounces/message.ts';
import { plainReports } from '../bounces/plain_bounce.ts';
import { type Report, timeOf } from '../bounces/report.ts';
import { returnedSubTask } from '../bounces/returned_mail.ts';
import { messageIdOf } from './webhook_fields.ts';
import { type MailEvent, WebhookParseError, type WebhookRequest, type WebhookSource } from './webhook_source.ts';

/** As in event_logs.provider. */
export const BOUNCE_MAIL = 'bounce_mail';

/** Of the recording: the tracking id that the message proves to be about. Nothing that came with the message. */
export const PROVEN_HEADER = 'postilion-proven-tracking-id';

/** Whose mail it is about. */
type Subject = Pick<MailEvent, 'subTaskId' | 'subTaskIdFrom' | 'messageId' | 'trackingId' | 'recipient'>;

export const bounceMail: WebhookSource = {
  name: BOUNCE_MAIL,
  signingSecret: null,
  isOurOwn: true,
  verify: () => 'bounces are recorded by "postilion bounces" alone',
  parse: parseBounceMail,
};

/** @throws WebhookParseError for what is no mail */
function parseBounceMail({ headers, body }: WebhookRequest): MailEvent[] {
  const message = messageOf(body);
  if (message === null) throw new WebhookParseError('this is not a mail: it has no headers');
  const proven = headers[PROVEN_HEADER];
  const trackingId = typeof proven === 'string' ? proven : null;
  const id = messageIdOf(first(message.headers, 'message-id')) ?? createHash('sha256').update(body).digest('hex');
  const reports = deliveryReports(message) ?? feedbackReports(message) ?? plainReports(message);
  return reports.map((report) => {
    const believed = trackingId === null ? doubted(report) : report;
    return {
      kind: believed.kind,
      occurredAt: report.occurredAt ?? timeOf(first(message.headers, 'date')),
      dedupeKey: JSON.stringify([id, trackingId, report.recipient, report.action]),
      ...subjectOf(message, report, trackingId),
      machine: null,
      detail: { ...believed.detail, ...(report.recipient !== null && { recipient: report.recipient }) },
    };
  });
}

// A message id that is not ours would have the event wait for a mail to come, for as long as backscatter of other people's mails comes in: so the
// SubTask is read out of it instead.
function subjectOf(message: Message, { recipient }: Report, trackingId: string | null): Subject {
  const nobody: Subject = { subTaskId: null, subTaskIdFrom: null, messageId: null, trackingId, recipient: null };
  if (trackingId !== null) return nobody;
  const subTaskId = returnedSubTask(message);
  return { ...nobody, subTaskId, subTaskIdFrom: subTaskId === null ? null : 'payload', recipient };
}

function doubted(report: Report): Report {
  return report.kind === 'other'
    ? report
    : { ...report, kind: 'other', detail: { ...report.detail, claims: report.kind, unproven: true } };
}
