import { createHash } from 'node:crypto';
import type { EventToApply } from '../../database/events/apply_events.ts';
import type { LoggedBody, LogKey } from '../../database/events/take_events.ts';
import { type MailEvent, WebhookParseError, type WebhookSource } from '../../providers/webhook_source.ts';
import { webhookSource } from '../../providers/webhook_sources.ts';

export interface ParsedBody extends LogKey {
  readonly events: EventToApply[];
}

export interface FailedBody extends LogKey {
  readonly error: string;
}

export interface ParsedBodies {
  readonly parsed: ParsedBody[];
  /** Waiting won't make them better. */
  readonly unreadable: FailedBody[];
  /** Their source's parser failed at them: a fault of ours, which a newer version may have mended. */
  readonly broken: FailedBody[];
}

/** One body must not hold the whole inbox up. Providers put a thousand events into one at most. */
export const mostEventsOfABody = 10_000;

/** Has each body read by its source. */
export function parseBodies(bodies: readonly LoggedBody[]): ParsedBodies {
  const result: ParsedBodies = { parsed: [], unreadable: [], broken: [] };
  for (const logged of bodies) {
    const { id, receivedAt } = logged;
    try {
      result.parsed.push({ id, receivedAt, events: eventsIn(logged) });
    } catch (error) {
      const kind = error instanceof WebhookParseError ? result.unreadable : result.broken;
      kind.push({ id, receivedAt, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return result;
}

function eventsIn(logged: LoggedBody): EventToApply[] {
  const source = webhookSource(logged.provider);
  const events = source.parse(logged);
  if (events.length > mostEventsOfABody)
    throw new WebhookParseError(`the body holds ${events.length} events, more than ${mostEventsOfABody}`);
  return events.map((event) => toApply(event, logged, source));
}

function toApply(event: MailEvent, logged: LoggedBody, source: WebhookSource): EventToApply {
  const { id, receivedAt, provider, serviceId, mayWait } = logged;
  return {
    key: keyOf(source.keysAreTheSenders ? `${provider} ${serviceId}` : provider, event.dedupeKey),
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
function keyOf(scope: string, dedupeKey: string): string {
  return createHash('sha256').update(`${scope}\n${dedupeKey}`).digest('hex').slice(0, 32);
}
