// Which mail an event is about, where a provider that took it by SMTP tells us: by arguments, by headers of ours, by a message id.
import { type Fields, idOf, uuidOf } from './event_fields.ts';
import { SUB_TASK_HEADER } from './smtp_message.ts';
import type { MailEvent } from './webhook_source.ts';

type Identity = Pick<MailEvent, 'subTaskId' | 'subTaskIdFrom' | 'messageId' | 'trackingId'>;

export interface Traces {
  /** What the provider calls tags. */
  readonly args: Fields;
  /** Of the mail, names in lower case. */
  readonly headers: ReadonlyMap<string, unknown>;
  /** Whatever may be the Message-ID that the mail came with. */
  readonly messageIds: readonly unknown[];
  /** The provider's own id of the mail. */
  readonly providerId: string | null;
}

/** SubTask id, number of refusals and domain: the form that smtp_message.ts gives a Message-ID. */
const OWN_MESSAGE_ID = /^<?(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.\d+@[^\s<>@]+)>?$/i;

// A mail handed over by SMTP was accepted under the Message-ID we wrote, so that one is what resolves; the provider's own id is what an API
// would have answered with.
export function identityOf({ args, headers, messageIds, providerId }: Traces): Identity {
  const own = ownMessageId([...messageIds, headers.get('message-id')]);
  const argument = uuidOf(args['subtask_id'] ?? args['sub_task_id']);
  const echoed = uuidOf(headers.get(SUB_TASK_HEADER.toLowerCase())) ?? own?.subTaskId ?? null;
  return {
    subTaskId: argument ?? echoed,
    subTaskIdFrom: argument !== null ? 'custom_args' : echoed !== null ? 'payload' : null,
    messageId: own?.messageId ?? providerId,
    trackingId: idOf(args['tracking_id']),
  };
}

function ownMessageId(candidates: readonly unknown[]): { messageId: string; subTaskId: string } | null {
  for (const candidate of candidates) {
    const [, messageId, subTaskId] = idOf(candidate)?.match(OWN_MESSAGE_ID) ?? [];
    if (messageId !== undefined && subTaskId !== undefined) return { messageId, subTaskId: subTaskId.toLowerCase() };
  }
  return null;
}
