// Mailgun's webhooks. Source: Mailgun, "Webhooks", "Securing Webhooks", "Events"; the reasons of failures from its statistics API and the answers
// its users publish.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { judgeStatus } from './bounce_status.ts';
import { dedupeKey } from './dedupe_key.ts';
import { isMachineAgent } from './machine_agent.ts';
import { type Fields, fieldsOf, objectsIn } from './webhook_body.ts';
import { address, id, messageId, part, text, time, url, withoutNulls, word } from './webhook_fields.ts';
import { type OurIds, ourIds } from './webhook_ids.ts';
import { type Kinds, kindIn } from './webhook_kinds.ts';
import { isAmong, isWithinWindow, passesAny, signedSeconds } from './webhook_signature.ts';
import { type MailEvent, type MailEventKind, WebhookParseError, type WebhookSource } from './webhook_source.ts';

/** Nothing is forgiven here: what is signed is these texts to the letter. */
const signatureBlock = z.object({
  timestamp: z
    .union([z.string(), z.int()])
    .transform(String)
    .pipe(z.string().regex(/^\d{10}$/)),
  token: z.string().min(1),
  signature: z.string().min(1),
  /** Of an event of a subaccount: the same, with the key of the account above it. */
  'parent-signature': z.string().nullish(),
});
type SignatureBlock = z.infer<typeof signatureBlock>;

const delivery = part({
  'event-data': part({
    event: word,
    id,
    timestamp: time,
    recipient: address,
    severity: word,
    reason: word,
    'delivery-status': part({
      code: text,
      'enhanced-code': text,
      'bounce-type': word,
      message: text,
      description: text,
    }),
    reject: part({ reason: text }),
    message: part({ headers: part({ 'message-id': messageId, to: address }) }),
    'client-info': part({ 'user-agent': text, bot: z.unknown().optional().transform(namesRobot) }),
    url,
    ip: text,
  }),
});
type Report = z.infer<typeof delivery>['event-data'];

const KINDS: Kinds = {
  accepted: 'sent',
  delivered: 'delivered',
  rejected: 'failed',
  opened: 'open',
  clicked: 'click',
  unsubscribed: 'unsubscribe',
  complained: 'complaint',
};

/** The receiving server said no, at once or by mail. The other reasons ("generic", "espblock", "old" …) don't say that it is about the address. */
const REFUSED = new Set(['bounce', 'delayed-bounce']);
/** Mailgun did not try: the address stands on one of its lists. */
const SUPPRESSED_CODE = /^60[567]$/;

export const mailgunWebhooks: WebhookSource = {
  name: 'mailgun',
  signingSecret: 'HTTP webhook signing key',
  verify: ({ body }, secrets, { now }) => refusalOf(body, secrets, now),
  parse: ({ body }) => objectsIn(body).flatMap(eventOf),
};

/**
 * HMAC-SHA256 over time and token, in hex. It does not cover the event, so within the window a signature that was overheard would pass for any
 * body; against that stands the secret in the path. The same event again is known by its own id.
 */
function refusalOf(body: Buffer, secrets: readonly string[], now: Date): string | null {
  const block = signatureIn(body);
  if (block === null) return 'the signature is missing or is none';
  if (!isWithinWindow(signedSeconds(block.timestamp), now)) return 'the signature is too old, or of the future';
  const passes = passesAny(secrets, (secret) => isSignedWith(block, secret));
  return passes ? null : 'the signature is wrong';
}

function signatureIn(body: Buffer): SignatureBlock | null {
  try {
    return signatureBlock.safeParse(objectsIn(body)[0]?.['signature']).data ?? null;
  } catch (error) {
    if (error instanceof WebhookParseError) return null;
    throw error;
  }
}

function isSignedWith(block: SignatureBlock, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(`${block.timestamp}${block.token}`).digest('hex');
  return isAmong([block.signature, block['parent-signature'] ?? ''], expected);
}

function eventOf(raw: Fields): MailEvent[] {
  const found = delivery.parse(raw)['event-data'];
  if (found.event === null && found.id === null) return [];
  const { headers } = found.message;
  const agent = found['client-info'];
  const status = found['delivery-status'];
  return [
    {
      kind: kindOf(found),
      occurredAt: found.timestamp,
      // An id is unique within a day only.
      dedupeKey: dedupeKey([found.id, found.timestamp], eventData(raw)),
      ...idsIn(fieldsOf(raw['event-data'])),
      messageId: headers['message-id'],
      recipient: found.recipient ?? headers.to,
      machine: agent.bot || isMachineAgent(agent['user-agent']) || null,
      detail: withoutNulls({
        event: found.event,
        reason: status.message ?? status.description ?? found.reject.reason,
        cause: found.reason,
        severity: found.severity,
        code: status['enhanced-code'] ?? status.code,
        url: found.url,
        ip: found.ip,
        user_agent: agent['user-agent'],
        note: isSuppressed(found) ? 'already suppressed at provider' : null,
      }),
    },
  ];
}

function kindOf(found: Report): MailEventKind {
  if (found.event === 'failed') return failure(found);
  return kindIn(KINDS, found.event) ?? 'other';
}

// The last of the temporary failures has the reason "old": Mailgun gives up, though it goes on calling it temporary.
function failure(found: Report): MailEventKind {
  if (isSuppressed(found)) return 'failed';
  if (found.severity === 'temporary') return found.reason === 'old' ? 'soft_bounce' : 'deferred';
  const { 'enhanced-code': enhanced, message, description } = found['delivery-status'];
  return judgeStatus(enhanced, message, description) ?? (isRefusal(found) ? 'hard_bounce' : 'soft_bounce');
}

function isRefusal({ severity, reason, 'delivery-status': { 'bounce-type': type } }: Report): boolean {
  if (severity !== 'permanent' || type === 'soft') return false;
  return type === 'hard' || reason === null || REFUSED.has(reason);
}

function isSuppressed({ event, reason, 'delivery-status': { code } }: Report): boolean {
  return event === 'failed' && (reason?.startsWith('suppress-') || SUPPRESSED_CODE.test(code ?? ''));
}

/** Without the signature, which is another each time. */
function eventData(raw: Fields): Fields {
  return { 'event-data': raw['event-data'] };
}

function idsIn(data: Fields): OurIds {
  return ourIds(data['user-variables'], fieldsOf(data['message'])['headers']);
}

/** "apple", "gmail", "generic" …; empty when it seems to be a person. */
function namesRobot(value: unknown): boolean {
  return value === true || (typeof value === 'string' && !/^(|false|none)$/i.test(value.trim()));
}
