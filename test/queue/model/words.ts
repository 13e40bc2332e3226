// What workers and providers say, with the parts that a test does not care about filled in.
import { randomUUID } from 'node:crypto';
import type { EventToApply } from '../../../src/database/events/apply_events.ts';
import type { SendResult } from '../../../src/database/queue/complete_sends.ts';

export const resultKinds = ['accepted', 'refused', 'deferred', 'unusable', 'unknown', 'not_sent'] as const;

export const eventKinds = [
  'sent',
  'delivered',
  'deferred',
  'soft_bounce',
  'hard_bounce',
  'complaint',
  'open',
  'click',
  'unsubscribe',
  'failed',
  'other',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** A worker's word about one SubTask. */
export function aResult(id: string, kind: SendResult['kind'], more: Partial<SendResult> = {}): SendResult {
  return {
    id,
    kind,
    messageId: null,
    code: kind === 'accepted' ? null : kind,
    message: null,
    response: null,
    roundTripMs: 1,
    retryAfterMs: null,
    ...more,
  };
}

/** So many soft bounces in a row suppress an address, wherever events are applied here. */
export const softBounceLimit = 5;

/** A provider's word about one SubTask, by its id; it never came before unless its key is given. */
export function anEvent(subTaskId: string, kind: EventKind, more: Partial<EventToApply> = {}): EventToApply {
  return {
    key: randomUUID(),
    event_log_id: 1,
    received_at: new Date().toISOString(),
    provider: 'engagelab',
    service_id: null,
    kind,
    occurred_at: '2026-01-01T00:00:00Z',
    sub_task_id: subTaskId,
    sub_task_id_from: 'custom_args',
    message_id: null,
    tracking_id: null,
    recipient: null,
    machine: null,
    may_wait: false,
    detail: {},
    ...more,
  };
}
