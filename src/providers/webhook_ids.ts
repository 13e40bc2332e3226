// Our own ids in a webhook: where we put them, and where providers have moved them.
import { SUB_TASK_HEADER } from './smtp_message.ts';
import { clip, MAX_ID_BYTES } from './text.ts';
import { type Fields, fieldsOf, isObject } from './webhook_fields.ts';
import type { MailEvent } from './webhook_source.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEADER_NAME = SUB_TASK_HEADER.toLowerCase();
/** In the text of a mail that a bounce quotes. */
const HEADER_LINE = new RegExp(`^${SUB_TASK_HEADER}:[ \\t]*(\\S+)`, 'im');

export type OurIds = Pick<MailEvent, 'subTaskId' | 'subTaskIdFrom' | 'trackingId'>;

/**
 * @param args what the provider says we gave along with the mail, under whatever name it has for that
 * @param elsewhere objects, JSON texts and texts of mails that may hold them too
 */
export function ourIds(args: unknown, ...elsewhere: readonly unknown[]): OurIds {
  const given = fieldsOf(args);
  const places = [args, ...Object.values(given), ...elsewhere].map(placeOf);
  const own = uuid(given['subtask_id']);
  const found = own ?? first(places, (place) => uuid(place['subtask_id']) ?? headerIn(place));
  return {
    subTaskId: found,
    subTaskIdFrom: own !== null ? 'custom_args' : found !== null ? 'payload' : null,
    trackingId: first([given, ...places], (place) => idText(place['tracking_id'])),
  };
}

function placeOf(value: unknown): Fields {
  if (typeof value !== 'string') return fieldsOf(value);
  const line = value.match(HEADER_LINE)?.[1];
  return line === undefined ? objectIn(value) : { [HEADER_NAME]: line };
}

/** Arguments have been seen as an object written into a string. */
function objectIn(value: string): Fields {
  if (!/"(subtask|tracking)_id"/.test(value)) return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function headerIn(place: Fields): string | null {
  return first(Object.keys(place), (name) => (name.toLowerCase() === HEADER_NAME ? uuid(place[name]) : null));
}

function uuid(value: unknown): string | null {
  return typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : null;
}

function idText(value: unknown): string | null {
  return typeof value === 'string' ? clip(value, MAX_ID_BYTES).trim() || null : null;
}

function first<T>(items: readonly T[], read: (item: T) => string | null): string | null {
  for (const item of items) {
    const value = read(item);
    if (value !== null) return value;
  }
  return null;
}
