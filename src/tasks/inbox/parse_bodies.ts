import { createHash } from 'node:crypto';
import type { EventToApply } from '../../database/events/apply_events.ts';
import type { LoggedBody, LogKey } from '../../database/events/take_events.ts';
import { type MailEvent, WebhookParseError } from '../../providers/webhook_source.ts';
import { webhookSource } from '../../providers/webhook_sources.ts';

export interface ParsedBody extends LogKey {
  readonly events: EventToApply[];
}

export interface UnreadableBody extends LogKey {
  readonly error: string;
}

/** Has each body read by its source. */
export function parseBodies(bodies: readonly LoggedBody[]): { parsed: ParsedBody[]; unreadable: UnreadableBody[] } {
  const parsed: ParsedBody[] = [];
  const unreadable: UnreadableBody[] = [];
  for (const logged of bodies) {
    const { id, receivedAt } = logged;
    const events = eventsIn(logged);
    if (events instanceof WebhookParseError) unreadable.push({ id, receivedAt, error: events.message });
    else parsed.push({ id, receivedAt, events: events.map((event) => toApply(event, logged)) });
  }
  return { parsed, unreadable };
}

function eventsIn({ provider, headers, body }: LoggedBody): MailEvent[] | WebhookParseError {
  try {
    return webhookSource(provider).parse({ headers, body });
  } catch (error) {
    if (error instanceof WebhookParseError) return error;
    throw error;
  }
}

function toApply(event: MailEvent, { id, receivedAt, provider, serviceId, mayWait }: LoggedBody): EventToApply {
  return {
    key: keyOf(provider, event.dedupeKey),
    event_log_id: id,
    received_at: receivedAt,
    provider,
    service_id: serviceId,
    kind: event.kind,
    occurred_at: event.occurredAt ?? receivedAt,
    sub_task_id: event.subTaskId,
    sub_task_id_from: event.subTaskIdFrom,
    message_id: event.messageId,
    tracking_id: event.trackingId,
    recipient: event.recipient,
    machine: event.machine,
    may_wait: mayWait,
    detail: event.detail,
  };
}

/** 128 bits of SHA-256, written as a UUID: what the database keeps of an event, to know it again. */
function keyOf(provider: string, dedupeKey: string): string {
  return createHash('sha256').update(`${provider}\n${dedupeKey}`).digest('hex').slice(0, 32);
}
