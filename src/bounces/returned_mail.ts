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
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface ReturnedMail {
  readonly subTaskId: string | null;
  /** Without angle brackets, as `accepted.messageId` gave it. */
  readonly messageId: string | null;
}

export function returnedMail({ leaves }: Message): ReturnedMail {
  const quoted = leaves.find(({ type }) => TYPES.has(type));
  const headers: Fields = quoted === undefined ? new Map() : fieldsOf(split(quoted.text()).head);
  const subTaskId = first(headers, SUB_TASK_HEADER.toLowerCase());
  return {
    subTaskId: subTaskId !== null && UUID.test(subTaskId) ? subTaskId.toLowerCase() : null,
    messageId: messageIdOf(headers),
  };
}

/** Null for none. */
export function messageIdOf(headers: Fields): string | null {
  const id = first(headers, 'message-id')?.replace(/^<|>$/g, '').trim();
  return id ? clip(id, MAX_ID_BYTES) : null;
}
