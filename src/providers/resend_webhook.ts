// Resend's webhooks, sent by Svix. Source: Resend, "Event types" and "Email bounces"; the fields of its own SDK.
import type { z } from 'zod';
import { bounceKind } from './bounce_kind.ts';
import { isMachineAgent } from './machine_agent.ts';
import { standardDedupeKey, verifyStandardSignature } from './standard_signature.ts';
import { fieldsOf, listOf, objectIn, unlisted } from './webhook_body.ts';
import { addressOf, firstText, id, part, text, time, url, withoutNulls } from './webhook_fields.ts';
import { identityOf, namedValuesOf } from './webhook_ids.ts';
import { type Kinds, kindIn } from './webhook_kinds.ts';
import type { MailEvent, MailEventKind, WebhookRequest, WebhookSource } from './webhook_source.ts';

const report = part({
  type: text,
  created_at: time,
  data: part({
    email_id: id,
    message_id: id,
    bounce: part({ type: text, subType: text, message: text, diagnosticCode: firstText }),
    suppressed: part({ type: text, message: text }),
    failed: part({ reason: text }),
  }),
});
type Report = z.infer<typeof report>;

const visit = part({ timestamp: time, link: url, ipAddress: text, userAgent: text });
type Visit = z.infer<typeof visit>;

const KINDS: Kinds = {
  'email.sent': 'sent',
  'email.delivered': 'delivered',
  'email.delivery_delayed': 'deferred',
  'email.complained': 'complaint',
  'email.opened': 'open',
  'email.clicked': 'click',
  'email.failed': 'failed',
  'email.suppressed': 'failed',
};

export const resendWebhooks: WebhookSource = {
  name: 'resend',
  signingSecret: 'signing secret (whsec_…)',
  verify: (request, secrets, circumstances) => verifyStandardSignature(request, 'svix', secrets, circumstances),
  parse: parseResend,
};

/** One event a request, and none when it is about a contact or a domain. */
function parseResend(request: WebhookRequest): MailEvent[] {
  const raw = objectIn(request.body);
  const found = report.parse(raw);
  if (!found.type?.startsWith('email.')) return [];
  const data = fieldsOf(raw['data']);
  const seen = visit.parse(data['click'] ?? data['open']);
  return [
    {
      kind: kindOf(found),
      occurredAt: seen.timestamp ?? found.created_at,
      dedupeKey: standardDedupeKey(request, 'svix'),
      ...identityOf({
        args: namedValuesOf(data['tags']),
        headers: namedValuesOf(data['headers']),
        messageId: found.data.message_id,
        providerId: found.data.email_id,
      }),
      recipient: onlyAddressOf(data['to']),
      machine: isMachineAgent(seen.userAgent) || null,
      detail: detailOf(found, seen),
    },
  ];
}

function kindOf({ type, data: { bounce } }: Report): MailEventKind {
  if (type !== 'email.bounced') return kindIn(KINDS, type) ?? 'other';
  return bounceKind({
    // The event alone is documented as "permanently rejected"; older ones say no more.
    type: bounce.type ?? 'Permanent',
    subType: bounce.subType,
    status: null,
    diagnostic: bounce.diagnosticCode ?? bounce.message,
  });
}

/** Of several recipients the event doesn't say which it is about. */
function onlyAddressOf(to: unknown): string | null {
  return listOf(to).length > 1 ? null : addressOf(unlisted(to));
}

function detailOf({ data: { bounce, suppressed, failed } }: Report, seen: Visit): Record<string, string> {
  return withoutNulls({
    reason: bounce.message ?? suppressed.message ?? failed.reason,
    bounce_type: bounce.type ?? suppressed.type,
    bounce_sub_type: bounce.subType,
    diagnostic: bounce.diagnosticCode,
    url: seen.link,
    ip: seen.ipAddress,
    user_agent: seen.userAgent,
  });
}
