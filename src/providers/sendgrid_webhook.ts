// SendGrid's event webhook. Source: Twilio, "Event Webhook Reference" and "Event Webhook Security Features".
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { z } from 'zod';
import { judgeStatus } from './bounce_status.ts';
import { dedupeKey } from './dedupe_key.ts';
import { isMachineAgent } from './machine_agent.ts';
import { type Fields, objectsIn } from './webhook_body.ts';
import { address, flag, id, part, text, time, url, withoutNulls, word } from './webhook_fields.ts';
import { ourIds } from './webhook_ids.ts';
import { type Kinds, kindIn } from './webhook_kinds.ts';
import { headerOf, isWithinWindow, passesAny, signedSeconds } from './webhook_signature.ts';
import type { MailEvent, MailEventKind, WebhookRequest, WebhookSource } from './webhook_source.ts';

const report = part({
  event: word,
  email: address,
  timestamp: time,
  sg_event_id: id,
  sg_message_id: id,
  'smtp-id': id,
  type: word,
  status: text,
  bounce_classification: word,
  reason: text,
  response: text,
  url,
  ip: text,
  useragent: text,
  sg_machine_open: flag,
});
type Report = z.infer<typeof report>;

const KINDS: Kinds = {
  processed: 'sent',
  delivered: 'delivered',
  deferred: 'deferred',
  // Not tried at all: the address stands on a list of SendGrid's, or the mail was refused for what it is.
  dropped: 'failed',
  open: 'open',
  click: 'click',
  spamreport: 'complaint',
  unsubscribe: 'unsubscribe',
  group_unsubscribe: 'unsubscribe',
};

/** Of a mail, a sender, a moment; what is left, "invalid address" aside, says nothing. */
const NOT_THE_ADDRESS = new Set(['content', 'reputation', 'frequency or volume too high', 'technical failure']);

export const sendgridWebhooks: WebhookSource = {
  name: 'sendgrid',
  signingSecret: 'verification key of the signed event webhook',
  verify: (request, secrets, { now }) => refusalOf(request, secrets, now),
  parse: ({ body }) => objectsIn(body).flatMap(eventOf),
};

/** ECDSA on P-256 with SHA-256 over the time in the header and the body; the secret is SendGrid's public key, SPKI in base64. */
function refusalOf(request: WebhookRequest, secrets: readonly string[], now: Date): string | null {
  const timestamp = headerOf(request, 'x-twilio-email-event-webhook-timestamp');
  const signature = signatureIn(headerOf(request, 'x-twilio-email-event-webhook-signature'));
  if (timestamp === null || signature === null) return 'the signature is missing or is none';
  if (!isWithinWindow(signedSeconds(timestamp), now)) return 'the signature is too old, or of the future';
  const signed = Buffer.concat([Buffer.from(timestamp), request.body]);
  const passes = passesAny(secrets, (secret) => isSignedWith(publicKey(secret), signed, signature));
  return passes ? null : 'the signature is wrong';
}

/** Base64 as SendGrid writes it: other spellings of the same bytes are not its signatures. */
function signatureIn(header: string | null): Buffer | null {
  const bytes = Buffer.from(header ?? '', 'base64');
  return bytes.length > 0 && bytes.toString('base64') === header ? bytes : null;
}

function isSignedWith(key: KeyObject | null, signed: Buffer, signature: Buffer): boolean {
  return key !== null && verify('sha256', signed, key, signature);
}

function publicKey(secret: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

function eventOf(raw: Fields): MailEvent[] {
  const found = report.parse(raw);
  if (found.event === null && found.sg_event_id === null) return [];
  return [
    {
      kind: kindOf(found),
      occurredAt: found.timestamp,
      dedupeKey: dedupeKey([found.sg_event_id], raw),
      // Unique arguments come back among SendGrid's own fields.
      ...ourIds(raw),
      messageId: givenMessageId(found['smtp-id']) ?? requestIdOf(found.sg_message_id),
      recipient: found.email,
      machine: found.sg_machine_open || isMachineAgent(found.useragent) || null,
      detail: withoutNulls({
        event: found.event,
        reason: found.reason ?? found.response,
        type: found.type,
        status: found.status,
        classification: found.bounce_classification,
        url: found.url,
        ip: found.ip,
        user_agent: found.useragent,
      }),
    },
  ];
}

function kindOf(found: Report): MailEventKind {
  if (found.event === 'bounce') return bounce(found);
  return kindIn(KINDS, found.event) ?? 'other';
}

// SendGrid's judgement of the cause goes first: it has read the whole answer. "Blocked" and "expired" it does not suppress for either.
function bounce({ type, status, reason, bounce_classification: cause }: Report): MailEventKind {
  if (cause === 'invalid address') return 'hard_bounce';
  if (NOT_THE_ADDRESS.has(cause ?? '') || type === 'blocked' || type === 'expired') return 'soft_bounce';
  return judgeStatus(status, reason) ?? (cause === 'mailbox unavailable' ? 'soft_bounce' : 'hard_bounce');
}

/** smtp-id is the mail's Message-ID: ours when we sent it by SMTP, one of SendGrid's when it came by its API. */
function givenMessageId(smtpId: string | null): string | null {
  const messageId = smtpId?.match(/^<?([^\s<>@]+@[^\s<>@]+)>?$/)?.[1] ?? null;
  return messageId === null || /@.*(ismtpd|\.sendgrid\.net$)/.test(messageId) ? null : messageId;
}

/** What the API answered as X-Message-Id, of which sg_message_id is a continuation (".filter…", ".recvd…"), but for mails dropped at once. */
function requestIdOf(messageId: string | null): string | null {
  if (messageId === null || /^(filter|recvd)/.test(messageId)) return null;
  return messageId.match(/^([\w-]{22}(?=\.)|.+?(?=\.(filter|recvd)))/)?.[0] ?? messageId;
}
