// What the tests of the webhook sources share.
import assert from 'node:assert/strict';
import type { Circumstances, MailEvent, WebhookRequest, WebhookSource } from '../../src/providers/webhook_source.ts';

export const SUB_TASK = '018f3c1e-7d2a-7c4b-9a51-3f2b6c8d9e0f';
export const NOW = new Date('2026-01-15T12:00:00.000Z');

/** NOW, so much later, in seconds as signatures name it. */
export const seconds = (offsetMs = 0) => String((NOW.getTime() + offsetMs) / 1_000);

/** At this time, and with no way out. */
export const at = (now: Date): Circumstances => ({
  now,
  fetch: () => assert.fail('nothing is to be fetched'),
});

export const requestOf = (body: unknown, headers: WebhookRequest['headers'] = {}): WebhookRequest => ({
  headers,
  body: Buffer.from(JSON.stringify(body)),
});

export const parse = (source: WebhookSource, body: unknown): MailEvent[] => source.parse(requestOf(body));

export function only(source: WebhookSource, body: unknown): MailEvent {
  const [event, ...more] = parse(source, body);
  assert.ok(event !== undefined && more.length === 0, 'expected one event');
  return event;
}
