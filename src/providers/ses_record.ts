// Records of Amazon SES as MailEvents. Source: Amazon SES, "Contents of event data" and "Examples of event data"; feedback notifications say
// notificationType for eventType and are the same otherwise.
import { shortKey } from './dedupe_key.ts';
import { isMachineAgent } from './machine_agent.ts';
import { type Word, wordOf } from './ses_kinds.ts';
import { type Fields, fieldsOf, isObject, listOf } from './webhook_body.ts';
import { addressOf, idOf, textOf, timeOf, urlOf, withoutNulls } from './webhook_fields.ts';
import { type Identity, identityOf, namedValuesOf } from './webhook_ids.ts';
import type { MailEvent } from './webhook_source.ts';

/** What a record came in. */
export interface Envelope {
  /** The same for each attempt at one message. */
  readonly key: string;
  readonly time: unknown;
}

/** One event for each recipient it is about; none when the record names no event. */
export function eventsOfRecord(record: Fields, envelope: Envelope): MailEvent[] {
  const name = textOf(record['eventType']) ?? textOf(record['notificationType']);
  if (name === null) return [];
  const word = wordOf(name);
  const mail = fieldsOf(record['mail']);
  const details = fieldsOf(record[word.field]);
  const occurredAt = timeOf(details['timestamp']) ?? timeOf(mail['timestamp']) ?? timeOf(envelope.time);
  // Of one bounce SES may tell twice at once, by an event and by a notification: its own id shows that they are one.
  const key = textOf(details['feedbackId']) ?? envelope.key;
  return recipientsOf(word, details, mail).map((listed) => {
    const recipient = addressOf(listed['emailAddress']);
    return {
      kind: word.kind(details, listed),
      occurredAt,
      dedupeKey: shortKey(recipient === null ? key : `${key} ${recipient}`),
      ...mailIdentityOf(mail),
      recipient,
      machine: (word.one && isMachineAgent(textOf(details['userAgent']))) || null,
      detail: detailOf(details, listed, word),
    };
  });
}

/** At least one, which may be empty. Lists hold addresses or objects with one. */
function recipientsOf({ recipients, one }: Word, details: Fields, mail: Fields): Fields[] {
  const own = recipients === undefined ? [] : listOf(details[recipients]);
  const everybody = listOf(mail['destination']);
  const listed = own.length > 0 ? own : one && everybody.length > 1 ? [] : everybody;
  return listed.length === 0 ? [{}] : listed.map((each) => (isObject(each) ? each : { emailAddress: each }));
}

function mailIdentityOf(mail: Fields): Identity {
  return identityOf({
    args: namedValuesOf(mail['tags']),
    headers: namedValuesOf(mail['headers']),
    messageId: fieldsOf(mail['commonHeaders'])['messageId'],
    providerId: idOf(mail['messageId']),
  });
}

const REASONS = ['diagnosticCode', 'smtpResponse', 'reason', 'errorMessage', 'delayType', 'complaintFeedbackType'];

function detailOf(details: Fields, listed: Fields, { one }: Word): Record<string, string> {
  const reasons = REASONS.map((name) => textOf(listed[name]) ?? textOf(details[name]));
  return withoutNulls({
    reason: reasons.find((reason) => reason !== null) ?? null,
    status: textOf(listed['status']),
    bounce_type: textOf(details['bounceType']),
    bounce_sub_type: textOf(details['bounceSubType']),
    complaint_sub_type: textOf(details['complaintSubType']),
    template: textOf(details['templateName']),
    url: urlOf(details['link']),
    ip: textOf(details['ipAddress']),
    // A complaint's is the reporting system's.
    user_agent: one ? textOf(details['userAgent']) : null,
  });
}
