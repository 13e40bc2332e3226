// What a report quotes of the mail that it is about.
import { SUB_TASK_HEADER } from '../providers/smtp_message.ts';
import { clip, MAX_ID_BYTES } from '../providers/text.ts';
import { type Fields, fieldsOf, first, split } from './fields.ts';
import type { Message } from './message.ts';

const TYPES = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'message/global',
  'message/global-headers',
]);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** The SubTask that the returned headers name: in the one of ours, else in our Message-ID, which begins with it. Null when it is no mail of ours. */
export function returnedSubTask({ leaves }: Message): string | null {
  const quoted = leaves.find(({ type }) => TYPES.has(type));
  if (quoted === undefined) return null;
  const headers = fieldsOf(split(quoted.text()).head);
  const named = first(headers, SUB_TASK_HEADER.toLowerCase()) ?? messageIdOf(headers) ?? '';
  return UUID.exec(named)?.[0].toLowerCase() ?? null;
}

/** Without angle brackets; null for none. */
export function messageIdOf(headers: Fields): string | null {
  const id = first(headers, 'message-id')?.replace(/^<|>$/g, '').trim();
  return id ? clip(id, MAX_ID_BYTES) : null;
}
