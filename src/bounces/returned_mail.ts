// What a report quotes of the mail that it is about.
import { SUB_TASK_HEADER } from '../providers/smtp_message.ts';
import { uuidOf } from '../providers/webhook_fields.ts';
import { ownMessageId } from '../providers/webhook_ids.ts';
import { fieldsOf, first, split } from './fields.ts';
import type { Message } from './message.ts';

const TYPES = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'message/global',
  'message/global-headers',
]);

/** The SubTask that the returned headers name: in the one of ours, else in a Message-ID that we wrote. Null when it is no mail of ours. */
export function returnedSubTask({ leaves }: Message): string | null {
  const quoted = leaves.find(({ type }) => TYPES.has(type));
  if (quoted === undefined) return null;
  const headers = fieldsOf(split(quoted.text()).head);
  const named = uuidOf(first(headers, SUB_TASK_HEADER.toLowerCase()));
  return named ?? ownMessageId(first(headers, 'message-id'))?.subTaskId ?? null;
}
