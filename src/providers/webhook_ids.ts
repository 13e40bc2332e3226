// Which mail an event is about: our own ids, where we put them and where providers have moved them, and the message ids a mail has.
import { SUB_TASK_HEADER } from './smtp_message.ts';
import { type Fields, fieldsOf, isObject, jsonIn, unlisted } from './webhook_body.ts';
import { firstOf, idOf, textOf, uuidOf } from './webhook_fields.ts';
import type { MailEvent } from './webhook_source.ts';

/** In the text of a mail that a bounce quotes. */
const HEADER_LINE = new RegExp(`^${SUB_TASK_HEADER}:[ \\t]*(\\S+)`, 'im');
/** SubTask id, number of refusals and domain: the form that smtp_message.ts gives a Message-ID. */
const OWN_MESSAGE_ID = /^<?(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.\d+@[^\s<>@]+)>?$/i;

export type OurIds = Pick<MailEvent, 'subTaskId' | 'subTaskIdFrom' | 'trackingId'>;
export type Identity = OurIds & Pick<MailEvent, 'messageId'>;

/** What a provider that took a mail by SMTP tells of it. */
export interface Traces {
  /** What the provider calls tags. */
  readonly args: Fields;
  /** Of the mail. */
  readonly headers: Fields;
  /** What else may be the Message-ID that the mail came with. */
  readonly messageId: unknown;
  /** The provider's own id of the mail. */
  readonly providerId: string | null;
}

// A mail handed over by SMTP was accepted under the Message-ID we wrote, so that one is what resolves; the provider's own id is what an API
// would have answered with.
export function identityOf({ args, headers, messageId, providerId }: Traces): Identity {
  const ids = ourIds(args, headers);
  const own = ownMessageId(messageId) ?? ownMessageId(headerIn(headers, 'message-id'));
  return {
    subTaskId: ids.subTaskId ?? own?.subTaskId ?? null,
    subTaskIdFrom: ids.subTaskIdFrom ?? (own === null ? null : 'payload'),
    messageId: own?.messageId ?? providerId,
    trackingId: ids.trackingId,
  };
}

/**
 * @param args what the provider says we gave along with the mail, under whatever name it has for that
 * @param elsewhere objects, JSON texts and texts of mails that may hold them too
 */
export function ourIds(args: unknown, ...elsewhere: readonly unknown[]): OurIds {
  const given = fieldsOf(args);
  const places = [args, ...Object.values(given), ...elsewhere].map(placeOf);
  const own = argumentIn(given);
  const found = own ?? firstOf(places, (place) => argumentIn(place) ?? uuidOf(headerIn(place, SUB_TASK_HEADER)));
  return {
    subTaskId: found,
    subTaskIdFrom: own !== null ? 'custom_args' : found !== null ? 'payload' : null,
    trackingId: firstOf([given, ...places], (place) => idOf(place['tracking_id'])),
  };
}

/** A Message-ID that we wrote, without angle brackets, and the SubTask in it. */
export function ownMessageId(value: unknown): { messageId: string; subTaskId: string } | null {
  const [, messageId, subTaskId] = idOf(value)?.match(OWN_MESSAGE_ID) ?? [];
  if (messageId === undefined || subTaskId === undefined) return null;
  return { messageId, subTaskId: subTaskId.toLowerCase() };
}

/** Tags or headers, which have been seen as an object and as a list of `{ name, value }`. Of several values of a name the first counts. */
export function namedValuesOf(value: unknown): Fields {
  const pairs = Array.isArray(value)
    ? value.filter(isObject).map(({ name, value }) => [textOf(name) ?? '', value] as const)
    : Object.entries(fieldsOf(value));
  return Object.fromEntries(pairs.reverse().map(([name, value]) => [name, unlisted(value)]));
}

function argumentIn(place: Fields): string | null {
  return uuidOf(place['subtask_id']) ?? uuidOf(place['sub_task_id']);
}

function headerIn(place: Fields, name: string): string | null {
  return firstOf(Object.keys(place), (key) => (key.toLowerCase() === name.toLowerCase() ? idOf(place[key]) : null));
}

function placeOf(value: unknown): Fields {
  if (typeof value !== 'string') return fieldsOf(value);
  const line = value.match(HEADER_LINE)?.[1];
  return line === undefined ? argumentsIn(value) : { [SUB_TASK_HEADER]: line };
}

/** Arguments have been seen as an object written into a string. */
function argumentsIn(text: string): Fields {
  return /"(sub_?task|tracking)_id"/.test(text) ? fieldsOf(jsonIn(text)) : {};
}
