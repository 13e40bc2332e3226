// EngageLab's webhooks, and the flat form the original system also spoke, as MailEvents.
// Source: EngageLab, "WebHook"; what the docs leave out was taken from captured events, so every field is optional here.
import { dedupeKey } from './dedupe_key.ts';
import { kindOf, type Report } from './engagelab_kinds.ts';
import { verifyEngagelabSignature } from './engagelab_signature.ts';
import { isStatusRow, statusEvents } from './engagelab_status.ts';
import { isMachineAgent } from './machine_agent.ts';
import { type Fields, fieldsOf, isObject, objectsIn, unlisted } from './webhook_body.ts';
import { addressOf, firstOf, idOf, textOf, timeOf, urlOf, withoutNulls } from './webhook_fields.ts';
import { ourIds } from './webhook_ids.ts';
import type { MailEvent, WebhookSource } from './webhook_source.ts';

type Reader = (value: unknown) => string | null;

export const engagelabWebhooks: WebhookSource = {
  name: 'engagelab',
  signingSecret: 'APP KEY',
  verify: verifyEngagelabSignature,
  parse: ({ body }) => parseWebhook(body),
};

/**
 * Reads a raw body: an object, an array, `{ total, rows }`, or an answer of the record, `{ total, result }`. Empty bodies and pings hold no event.
 * @throws WebhookParseError when the body is neither empty nor a JSON object or array.
 */
export function parseWebhook(body: Buffer): MailEvent[] {
  return objectsIn(body).flatMap(rowsOf).flatMap(eventOf);
}

function rowsOf(raw: Fields): Fields[] {
  const list = [raw['rows'], raw['result']].find((rows) => Array.isArray(rows));
  return Array.isArray(list) ? list.filter(isObject) : [raw];
}

function eventOf(raw: Fields): MailEvent[] {
  if (isStatusRow(raw)) return statusEvents(raw);
  const report = reportOf(raw);
  const ids = ourIds(raw['custom_args'], raw['unique_args'], raw);
  const name = report.emailId ?? report.messageId ?? ids.subTaskId;
  // An object that names neither a kind nor a mail is a ping.
  if (raw['test'] === true || (report.word === null && name === null)) return [];
  const { kind, note } = kindOf(report);
  return [
    {
      kind,
      occurredAt: timeOf(report.time),
      dedupeKey: keyOf(name, report, raw),
      ...ids,
      messageId: report.emailId ?? report.messageId,
      recipient: report.recipient ?? recipientIn(report.emailId),
      machine: isMachineAgent(report.userAgent) || null,
      detail: detailOf(report, note),
    },
  ];
}

// The fields of all forms, each looked for where a form has been seen to put it.
function reportOf(raw: Fields): Report {
  const status = fieldsOf(raw['status']);
  const response = fieldsOf(raw['response']);
  const data = { ...fieldsOf(status['status_data']), ...fieldsOf(response['response_data']) };
  const failure = { ...fieldsOf(data['error_detail']), ...fieldsOf(status['error_detail']) };
  const pick = picker([raw, data, failure]);
  const word = textOf(status['message_status']) ?? textOf(response['event']) ?? pick(['event', 'event_type']);
  return {
    word: word?.toLowerCase() ?? null,
    emailId: pick(['email_id', 'email_ids'], idOf),
    messageId: pick(['message_id'], idOf),
    recipient: pick(['to', 'tos', 'recipient', 'email'], addressOf),
    time: pick(['itime', 'timestamp', 'occurred_at', 'time']),
    subStatus: pick(['sub_stat', 'sub_status']),
    bounceType: pick(['bounce_type', 'type']),
    reason: picker([failure, raw, data])(['reason', 'message', 'error', 'error_message']),
    url: pick(['url', 'link'], urlOf),
    ip: pick(['ip', 'ip_address']),
    userAgent: pick(['user_agent', 'useragent', 'ua']),
    explorerName: pick(['explorer_name']),
    osName: pick(['os_name']),
  };
}

/** Reads the first of some names, some of whose values are lists, that holds something in the first of some places. */
function picker(places: readonly Fields[]) {
  return (names: readonly string[], read: Reader = (value) => textOf(value)): string | null =>
    firstOf(
      places.flatMap((place) => names.map((name) => place[name])),
      (value) => read(unlisted(value)),
    );
}

/** email_id is message id + index + "$" + recipient; opens have been seen without any other trace of the recipient. */
function recipientIn(emailId: string | null): string | null {
  return addressOf(emailId?.split('$').slice(1).join('$'));
}

/** There is no event id. Without a time two opens would look the same. */
function keyOf(name: string | null, { word, time, url }: Report, raw: Fields): string {
  return dedupeKey([name, word ?? '', time, ...(url === null ? [] : [url])], raw);
}

function detailOf(report: Report, note: string | null): Record<string, string> {
  return withoutNulls({
    reason: [note, report.reason].filter((part) => part !== null).join(': ') || null,
    sub_status: report.subStatus,
    url: report.url,
    ip: report.ip,
    user_agent: report.userAgent,
    explorer_name: report.explorerName,
    os_name: report.osName,
  });
}
