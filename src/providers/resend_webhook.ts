// Resend's webhooks, sent by Svix. Source: Resend, "Event types" and "Email bounces"; the fields of its own SDK.
import { bounceKind } from './bounce_kind.ts';
import {
  addressOf,
  type Fields,
  fieldsOf,
  idOf,
  isObject,
  isoTimeOf,
  listOf,
  MAX_URL,
  machineOf,
  mailHeadersOf,
  objectIn,
  textOf,
  withoutNulls,
} from './event_fields.ts';
import { identityOf } from './mail_identity.ts';
import { standardDedupeKey, verifyStandardSignature } from './standard_signature.ts';
import type { MailEvent, MailEventKind, WebhookRequest, WebhookSource } from './webhook_source.ts';

const KINDS: ReadonlyMap<string, MailEventKind> = new Map([
  ['email.sent', 'sent'],
  ['email.delivered', 'delivered'],
  ['email.delivery_delayed', 'deferred'],
  ['email.complained', 'complaint'],
  ['email.opened', 'open'],
  ['email.clicked', 'click'],
  ['email.failed', 'failed'],
  ['email.suppressed', 'failed'],
]);

export const resendWebhooks: WebhookSource = {
  name: 'resend',
  signingSecret: 'signing secret (whsec_…)',
  verify: (request, secrets, circumstances) => verifyStandardSignature(request, 'svix', secrets, circumstances),
  parse: parseResend,
};

/** One event a request, and none when it is about a contact or a domain. */
function parseResend(request: WebhookRequest): MailEvent[] {
  const raw = objectIn(request.body);
  const type = textOf(raw['type']);
  if (!type?.startsWith('email.')) return [];
  const data = fieldsOf(raw['data']);
  const act = fieldsOf(data['click'] ?? data['open']);
  return [
    {
      kind: kindOf(type, data),
      occurredAt: isoTimeOf(act['timestamp']) ?? isoTimeOf(raw['created_at']),
      dedupeKey: standardDedupeKey(request, 'svix'),
      ...identityOf({
        args: tagsOf(data['tags']),
        headers: mailHeadersOf(data['headers']),
        messageIds: [data['message_id']],
        providerId: idOf(data['email_id']),
      }),
      recipient: onlyAddressOf(data['to']),
      machine: machineOf(textOf(act['userAgent'])),
      detail: detailOf(data, act),
    },
  ];
}

function kindOf(type: string, data: Fields): MailEventKind {
  if (type !== 'email.bounced') return KINDS.get(type) ?? 'other';
  const bounce = fieldsOf(data['bounce']);
  return bounceKind({
    // The event alone is documented as "permanently rejected"; older ones say no more.
    type: textOf(bounce['type']) ?? 'Permanent',
    subType: textOf(bounce['subType']),
    status: null,
    diagnostic: textOf(bounce['diagnosticCode']) ?? textOf(bounce['message']),
  });
}

/** Tags have been seen as an object and as the list of `{ name, value }` that the mail was sent with. */
function tagsOf(value: unknown): Fields {
  if (!Array.isArray(value)) return fieldsOf(value);
  return Object.fromEntries(value.filter(isObject).map(({ name, value }) => [String(textOf(name)), value]));
}

/** Of several recipients the event doesn't say which it is about. */
function onlyAddressOf(to: unknown): string | null {
  return listOf(to).length > 1 ? null : addressOf(to);
}

function detailOf(data: Fields, act: Fields): Record<string, string> {
  const bounce = fieldsOf(data['bounce']);
  const suppressed = fieldsOf(data['suppressed']);
  return withoutNulls({
    reason: textOf(bounce['message']) ?? textOf(suppressed['message']) ?? textOf(fieldsOf(data['failed'])['reason']),
    bounce_type: textOf(bounce['type']) ?? textOf(suppressed['type']),
    bounce_sub_type: textOf(bounce['subType']),
    diagnostic: textOf(bounce['diagnosticCode']),
    url: textOf(act['link'], MAX_URL),
    ip: textOf(act['ipAddress']),
    user_agent: textOf(act['userAgent']),
  });
}
