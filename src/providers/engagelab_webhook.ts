// EngageLab's webhooks, and the flat form the original system also spoke, as MailEvents.
// Source: EngageLab, "WebHook"; what the docs leave out was taken from captured events, so every field is optional here.
import { createHash } from 'node:crypto';
import { kindOf, type Report } from './engagelab_kinds.ts';
import { verifyEngagelabSignature } from './engagelab_signature.ts';
import { isStatusRow, statusEvents } from './engagelab_status.ts';
import { isMachineAgent } from './machine_agent.ts';
import { clip, MAX_ID_BYTES } from './text.ts';
import { type MailEvent, WebhookParseError, type WebhookSource } from './webhook_source.ts';

const MAX_TEXT = 500;
const MAX_URL = 2_000;
/** An index entry holds 2.7 KB at most; a readable key need not be longer than this. */
const MAX_KEY = 250;
const DAY_MS = 86_400_000;
const EARLIEST_MS = Date.UTC(2000, 0, 1);

/** Nothing is required: a guard per field reads such input faster, and more plainly, than a schema in which all is optional. */
type Fields = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
  const content = body.toString('utf8').replace(/^\uFEFF/, '');
  if (content.trim() === '') return [];
  try {
    return reportsIn(JSON.parse(content)).flatMap(eventOf);
  } catch (error) {
    if (error instanceof WebhookParseError) throw error;
    throw new WebhookParseError('the body is not JSON', { cause: error });
  }
}

function reportsIn(value: unknown): Fields[] {
  if (Array.isArray(value)) return value.filter(isObject);
  if (!isObject(value)) throw new WebhookParseError('the body is neither an object nor an array');
  const list = [value['rows'], value['result']].find((rows) => Array.isArray(rows));
  return Array.isArray(list) ? list.filter(isObject) : [value];
}

function eventOf(raw: Fields): MailEvent[] {
  if (isStatusRow(raw)) return statusEvents(raw);
  const report = reportOf(raw);
  if (raw['test'] === true || !isEvent(report)) return [];
  const { kind, note } = kindOf(report);
  return [
    {
      kind,
      occurredAt: isoTime(report.time),
      dedupeKey: dedupeKey(report, raw),
      subTaskId: report.subTaskId,
      subTaskIdFrom: report.subTaskId === null ? null : 'custom_args',
      messageId: report.emailId ?? report.messageId,
      trackingId: report.trackingId,
      recipient: report.recipient ?? recipientIn(report.emailId),
      machine: isMachineAgent(report.userAgent) ? true : null,
      detail: detailOf(report, note),
    },
  ];
}

/** An object that names neither a kind nor a mail is a ping. */
function isEvent(report: Report): boolean {
  return report.word !== null || report.emailId !== null || report.messageId !== null || report.subTaskId !== null;
}

// The fields of all forms, each looked for where a form has been seen to put it.
function reportOf(raw: Fields): Report {
  const status = fieldsOf(raw['status']);
  const response = fieldsOf(raw['response']);
  const data = { ...fieldsOf(status['status_data']), ...fieldsOf(response['response_data']) };
  const failure = { ...fieldsOf(data['error_detail']), ...fieldsOf(status['error_detail']) };
  const args = { ...argumentsOf(raw['unique_args']), ...argumentsOf(raw['custom_args']) };
  const pick = picker([raw, data, failure]);
  const word = textOf(status['message_status'], MAX_TEXT) ?? textOf(response['event'], MAX_TEXT);
  return {
    word: (word ?? pick(['event', 'event_type'], MAX_TEXT))?.toLowerCase() ?? null,
    emailId: pick(['email_id', 'email_ids'], MAX_ID_BYTES),
    messageId: pick(['message_id'], MAX_ID_BYTES),
    subTaskId: uuid(args['subtask_id'] ?? raw['subtask_id']),
    trackingId: textOf(args['tracking_id'] ?? raw['tracking_id'], MAX_ID_BYTES),
    recipient: pick(['to', 'tos', 'recipient', 'email'], MAX_ID_BYTES),
    time: pick(['itime', 'timestamp', 'occurred_at', 'time'], MAX_TEXT),
    subStatus: pick(['sub_stat', 'sub_status'], MAX_TEXT),
    bounceType: pick(['bounce_type', 'type'], MAX_TEXT),
    reason: picker([failure, raw, data])(['reason', 'message', 'error', 'error_message'], MAX_TEXT),
    url: pick(['url', 'link'], MAX_URL),
    ip: pick(['ip', 'ip_address'], MAX_TEXT),
    userAgent: pick(['user_agent', 'useragent', 'ua'], MAX_TEXT),
    explorerName: pick(['explorer_name'], MAX_TEXT),
    osName: pick(['os_name'], MAX_TEXT),
  };
}

/** Finds the first of some names that holds text in the first of some places. */
function picker(places: Fields[]) {
  return (names: string[], maxBytes: number): string | null => {
    for (const place of places) {
      for (const name of names) {
        const value = textOf(place[name], maxBytes);
        if (value !== null) return value;
      }
    }
    return null;
  };
}

/** Text or a number, or the first of a list of them; anything else, and nothing but blanks, is null. */
function textOf(value: unknown, maxBytes: number): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return clip(value, maxBytes).trim() || null;
  return Array.isArray(value) && !Array.isArray(value[0]) ? textOf(value[0], maxBytes) : null;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** The custom arguments have been seen as an object and as an object written into a string. */
function argumentsOf(value: unknown): Fields {
  return fieldsOf(typeof value === 'string' ? jsonOrNull(value) : value);
}

function uuid(value: unknown): string | null {
  return typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : null;
}

/** email_id is message id + index + "$" + recipient; opens have been seen without any other trace of the recipient. */
function recipientIn(emailId: string | null): string | null {
  return emailId?.split('$').slice(1).join('$') || null;
}

/** 10 digits are seconds, 13 milliseconds; anything else is tried as ISO 8601. Nonsense, and more than a day ahead, is null. */
function isoTime(time: string | null): string | null {
  if (time === null) return null;
  const ms = millisecondsOf(time);
  return ms >= EARLIEST_MS && ms <= Date.now() + DAY_MS ? new Date(ms).toISOString() : null;
}

function millisecondsOf(time: string): number {
  if (/^\d{10}(\.\d+)?$/.test(time)) return Math.round(Number(time) * 1_000);
  if (/^\d{13}$/.test(time)) return Number(time);
  return /^\d{4}-\d\d-\d\d/.test(time) ? Date.parse(time) : Number.NaN;
}

/** There is no event id. Without a time two opens would look the same, so the whole event tells them apart instead. */
function dedupeKey(report: Report, raw: Fields): string {
  const id = report.emailId ?? report.messageId ?? report.subTaskId;
  if (id === null || report.time === null) return `sha256:${sha256(JSON.stringify(raw))}`;
  const key = [id, report.word ?? '', report.time, ...(report.url === null ? [] : [report.url])].join(' ');
  return key.length <= MAX_KEY ? key : `sha256:${sha256(key)}`;
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

function detailOf(report: Report, note: string | null): Record<string, string> {
  const entries = {
    reason: [note, report.reason].filter((part) => part !== null).join(': ') || null,
    sub_status: report.subStatus,
    url: report.url,
    ip: report.ip,
    user_agent: report.userAgent,
    explorer_name: report.explorerName,
    os_name: report.osName,
  };
  return Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

function jsonOrNull(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
