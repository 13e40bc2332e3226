// SparkPost's webhooks. Source: SparkPost, "Webhooks API", "Bounce Classification Codes"; it signs nothing.
import type { z } from 'zod';
import { judgeStatus } from './bounce_status.ts';
import { dedupeKey } from './dedupe_key.ts';
import { isMachineAgent } from './machine_agent.ts';
import { type Fields, fieldsOf, isObject, objectsIn } from './webhook_body.ts';
import { address, flag, id, part, text, time, url, withoutNulls, word } from './webhook_fields.ts';
import { ourIds } from './webhook_ids.ts';
import { type Kinds, kindIn } from './webhook_kinds.ts';
import type { MailEvent, MailEventKind, WebhookSource } from './webhook_source.ts';

const report = part({
  type: word,
  event_id: id,
  message_id: id,
  transmission_id: id,
  timestamp: time,
  rcpt_to: address,
  raw_rcpt_to: address,
  bounce_class: text,
  raw_reason: text,
  reason: text,
  target_link_url: url,
  ip_address: text,
  user_agent: text,
  user_agent_parsed: part({ is_proxy: flag, is_prefetched: flag }),
});
type Report = z.infer<typeof report>;

const KINDS: Kinds = {
  injection: 'sent',
  delivery: 'delivered',
  delay: 'deferred',
  spam_complaint: 'complaint',
  // The first is of an image at the head of the mail, the second of one at its foot, which long mails never show.
  initial_open: 'open',
  open: 'open',
  amp_initial_open: 'open',
  amp_open: 'open',
  click: 'click',
  amp_click: 'click',
  list_unsubscribe: 'unsubscribe',
  link_unsubscribe: 'unsubscribe',
  policy_rejection: 'failed',
  generation_failure: 'failed',
  generation_rejection: 'failed',
};

/** By bounce class. Undetermined (1), generic (40) and unknown ones are judged by what the receiving server said. */
const CLASSES: Kinds = {
  10: 'hard_bounce', // no such recipient
  30: 'hard_bounce', // no recipient could be made out
  20: 'soft_bounce',
  21: 'soft_bounce', // name service
  22: 'soft_bounce', // mailbox full
  23: 'soft_bounce', // too large
  24: 'soft_bounce', // timeout
  70: 'soft_bounce', // transient
  50: 'soft_bounce', // blocked
  51: 'soft_bounce', // as a known source of spam
  52: 'soft_bounce', // as spam
  53: 'soft_bounce', // for an attachment
  54: 'soft_bounce', // relaying denied
  25: 'failed', // by SparkPost's policies
  26: 'failed', // by its suppression
  60: 'other', // an automatic reply
  80: 'other', // a request to subscribe
  100: 'other', // a challenge to prove that one is human
  90: 'unsubscribe',
};

export const sparkpostWebhooks: WebhookSource = {
  name: 'sparkpost',
  signingSecret: null,
  verify: () => null,
  parse: ({ body }) => objectsIn(body).flatMap(eventsIn),
};

/** `{ msys: { message_event: {…} } }`, by whatever name the class of the event has; a ping's `msys` is empty. */
function eventsIn(item: Fields): MailEvent[] {
  return Object.values(fieldsOf(item['msys'])).filter(isObject).flatMap(eventOf);
}

function eventOf(raw: Fields): MailEvent[] {
  const found = report.parse(raw);
  if (found.type === null && found.event_id === null) return [];
  const { is_proxy, is_prefetched } = found.user_agent_parsed;
  return [
    {
      kind: kindOf(found),
      occurredAt: found.timestamp,
      dedupeKey: dedupeKey([found.event_id], raw),
      ...ourIds(raw['rcpt_meta'], raw),
      // The API answers the transmission's id; ours has one recipient.
      messageId: found.transmission_id ?? found.message_id,
      recipient: found.rcpt_to ?? found.raw_rcpt_to,
      machine: is_proxy || is_prefetched || isMachineAgent(found.user_agent) || null,
      detail: withoutNulls({
        event: found.type,
        reason: found.raw_reason ?? found.reason,
        bounce_class: found.bounce_class,
        url: found.target_link_url,
        ip: found.ip_address,
        user_agent: found.user_agent,
      }),
    },
  ];
}

function kindOf(found: Report): MailEventKind {
  if (found.type === 'bounce' || found.type === 'out_of_band') return bounce(found);
  return kindIn(KINDS, found.type) ?? 'other';
}

function bounce({ bounce_class, raw_reason, reason }: Report): MailEventKind {
  return kindIn(CLASSES, bounce_class) ?? judgeStatus(raw_reason, reason) ?? 'soft_bounce';
}
