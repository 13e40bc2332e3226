// Postmark's webhooks. Source: Postmark, "Webhooks overview" and "Bounce types"; it signs nothing.
import type { z } from 'zod';
import { judgeStatus } from './bounce_status.ts';
import { dedupeKey } from './dedupe_key.ts';
import { isMachineAgent } from './machine_agent.ts';
import { type Fields, objectsIn } from './webhook_body.ts';
import { address, flag, id, part, text, time, url, withoutNulls, word } from './webhook_fields.ts';
import { ourIds } from './webhook_ids.ts';
import { type Kinds, kindIn } from './webhook_kinds.ts';
import type { MailEvent, MailEventKind, WebhookSource } from './webhook_source.ts';

const report = part({
  RecordType: word,
  Type: word,
  ID: id,
  MessageID: id,
  Recipient: address,
  Email: address,
  DeliveredAt: time,
  BouncedAt: time,
  ReceivedAt: time,
  ChangedAt: time,
  SuppressSending: flag,
  SuppressionReason: word,
  Description: text,
  Details: text,
  OriginalLink: url,
  UserAgent: text,
  Geo: part({ IP: text }),
});
type Report = z.infer<typeof report>;

const KINDS: Kinds = {
  delivery: 'delivered',
  open: 'open',
  click: 'click',
  spamcomplaint: 'complaint',
};

/** Bounce types whose meaning does not hang on what the receiving server said; the others are judged by that. */
const BOUNCES: Kinds = {
  bademailaddress: 'hard_bounce',
  spamcomplaint: 'complaint',
  unsubscribe: 'unsubscribe',
  // Postmark goes on trying.
  transient: 'deferred',
  dnserror: 'deferred',
  // Blocked, or taken for spam: the mail's fault or the sender's, and no reader has complained.
  blocked: 'soft_bounce',
  spamnotification: 'soft_bounce',
  virusnotification: 'soft_bounce',
  // Not tried, or not by reason of the address.
  manuallydeactivated: 'failed',
  smtpapierror: 'failed',
  dmarcpolicy: 'failed',
  templaterenderingfailed: 'failed',
  // Answers to a mail that arrived, and mail that is none of ours.
  subscribe: 'other',
  autoresponder: 'other',
  addresschange: 'other',
  challengeverification: 'other',
  unconfirmed: 'other',
  openrelaytest: 'other',
  inbounderror: 'other',
};

const SUPPRESSIONS: Kinds = {
  hardbounce: 'hard_bounce',
  spamcomplaint: 'complaint',
};

const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';

export const postmarkWebhooks: WebhookSource = {
  name: 'postmark',
  signingSecret: null,
  verify: () => null,
  parse: ({ body }) => objectsIn(body).flatMap(eventOf),
};

function eventOf(raw: Fields): MailEvent[] {
  const found = report.parse(raw);
  if (found.RecordType === null) return [];
  const occurredAt = found.DeliveredAt ?? found.BouncedAt ?? found.ReceivedAt ?? found.ChangedAt;
  const recipient = found.Recipient ?? found.Email;
  return [
    {
      kind: kindOf(found),
      occurredAt,
      dedupeKey: keyOf(found, raw),
      // A bounce can quote the mail, headers and all.
      ...ourIds(raw['Metadata'], raw['Content']),
      messageId: found.MessageID === NO_MESSAGE ? null : found.MessageID,
      recipient,
      machine: isMachineAgent(found.UserAgent) || null,
      detail: withoutNulls({
        event: found.RecordType,
        type: found.Type,
        reason: found.Details ?? found.Description,
        suppression: found.SuppressionReason,
        url: found.OriginalLink,
        ip: found.Geo.IP,
        user_agent: found.UserAgent,
      }),
    },
  ];
}

function kindOf(found: Report): MailEventKind {
  if (found.RecordType === 'bounce') return bounce(found);
  if (found.RecordType === 'subscriptionchange') return subscription(found);
  return kindIn(KINDS, found.RecordType) ?? 'other';
}

function bounce({ Type, Details, Description }: Report): MailEventKind {
  const unjudged = Type === 'hardbounce' ? 'hard_bounce' : 'soft_bounce';
  return kindIn(BOUNCES, Type) ?? judgeStatus(Details, Description) ?? unjudged;
}

/** Whoever is suppressed by hand asked for it; who may be sent to again has not come back to us by that. */
function subscription({ SuppressSending, SuppressionReason }: Report): MailEventKind {
  return SuppressSending ? (kindIn(SUPPRESSIONS, SuppressionReason) ?? 'unsubscribe') : 'other';
}

// Bounces and complaints have an id of their own; the rest is told apart by its time as Postmark writes it, to a tenth of a microsecond.
function keyOf(found: Report, raw: Fields): string {
  if (found.ID !== null) return dedupeKey([found.RecordType, found.ID], raw);
  const at = id.parse(raw['DeliveredAt'] ?? raw['ReceivedAt'] ?? raw['ChangedAt']);
  const about = found.OriginalLink === null ? [] : [found.OriginalLink];
  return dedupeKey([found.RecordType, found.MessageID, found.Recipient, at, ...about], raw);
}
