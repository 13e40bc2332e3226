// Any sender that speaks our own form over Standard Webhooks. The form is written down in docs/webhooks.md: whoever sends it can read what was
// expected, so unlike a provider's body a field of the wrong type is an error that names it.
import { z } from 'zod';
import { standardDedupeKey, verifyStandardSignature } from './standard_signature.ts';
import { clip, MAX_TEXT_BYTES, MAX_URL_BYTES } from './text.ts';
import { objectIn } from './webhook_body.ts';
import { addressOf, idOf, messageIdOf, timeOf } from './webhook_fields.ts';
import {
  type MailEvent,
  type MailEventKind,
  WebhookParseError,
  type WebhookRequest,
  type WebhookSource,
} from './webhook_source.ts';

/** All of them: what the contract adds is missed here by the compiler. */
const KINDS: Readonly<Record<MailEventKind, true>> = {
  sent: true,
  delivered: true,
  deferred: true,
  soft_bounce: true,
  hard_bounce: true,
  complaint: true,
  open: true,
  click: true,
  unsubscribe: true,
  failed: true,
  other: true,
};
const PREFIX = 'mail.';
const MAX_DETAILS = 20;

const detailValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const event = z.object({
  timestamp: z.string().nullish(),
  data: z.object({
    sub_task_id: z.guid().nullish(),
    message_id: z.string().nullish(),
    tracking_id: z.string().nullish(),
    recipient: z.string().nullish(),
    machine: z.boolean().nullish(),
    detail: z.record(z.string(), detailValue).nullish(),
  }),
});

export const standardWebhooks: WebhookSource = {
  name: 'standard',
  signingSecret: 'signing secret (whsec_…)',
  keysAreTheSenders: true,
  verify: (request, secrets, circumstances) => verifyStandardSignature(request, 'webhook', secrets, circumstances),
  parse: parseStandard,
};

/** One event a request. A type that doesn't begin with `mail.` is none, and neither is an empty object. */
function parseStandard(request: WebhookRequest): MailEvent[] {
  const raw = objectIn(request.body);
  if (Object.keys(raw).length === 0) return [];
  const { type } = raw;
  if (typeof type !== 'string') throw new WebhookParseError('type: expected text such as "mail.delivered"');
  if (!type.startsWith(PREFIX)) return [];
  const { timestamp, data } = readEvent(raw);
  return [
    {
      kind: kindOf(type),
      occurredAt: timeOf(timestamp),
      dedupeKey: standardDedupeKey(request, 'webhook'),
      subTaskId: data.sub_task_id?.toLowerCase() ?? null,
      subTaskIdFrom: data.sub_task_id ? 'custom_args' : null,
      messageId: messageIdOf(data.message_id),
      trackingId: idOf(data.tracking_id),
      recipient: addressOf(data.recipient),
      machine: data.machine ?? null,
      detail: detailOf(data.detail ?? {}),
    },
  ];
}

function readEvent(raw: unknown): z.infer<typeof event> {
  const parsed = event.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new WebhookParseError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

function kindOf(type: string): MailEventKind {
  const kind = type.slice(PREFIX.length);
  return isKind(kind) ? kind : 'other';
}

function isKind(word: string): word is MailEventKind {
  return Object.hasOwn(KINDS, word);
}

function detailOf(detail: Readonly<Record<string, z.infer<typeof detailValue>>>): MailEvent['detail'] {
  const entries = Object.entries(detail).slice(0, MAX_DETAILS);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      clip(key, MAX_TEXT_BYTES),
      typeof value === 'string' ? clip(value, key === 'url' ? MAX_URL_BYTES : MAX_TEXT_BYTES) : value,
    ]),
  );
}
