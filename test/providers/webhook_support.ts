// What the tests of the webhook sources share: requests, events, forgeries, and bodies that mean harm.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Circumstances,
  type MailEvent,
  WebhookParseError,
  type WebhookRequest,
  type WebhookSource,
} from '../../src/providers/webhook_source.ts';

/** How many forgeries or bodies a fuzz tries; WEBHOOK_FORGERIES=100000 is the long form. */
export const FORGERIES = Number(process.env['WEBHOOK_FORGERIES'] ?? 2_000);

export const SUB_TASK = '018f3c1e-7d2a-7c4b-9a51-3f2b6c8d9e0f';
export const NOW = new Date('2026-01-15T12:00:00.000Z');

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** NOW, so much later, in seconds as signatures name it. */
export const seconds = (offsetMs = 0) => String((NOW.getTime() + offsetMs) / 1_000);

/** At this time, and with no way out. */
export const at = (now: Date): Circumstances => ({
  now,
  fetch: () => assert.fail('nothing is to be fetched'),
});

/** @param body text as it is, anything else as JSON */
export function requestOf(body: unknown, headers: WebhookRequest['headers'] = {}): WebhookRequest {
  return { headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

export function parse(source: WebhookSource, body: unknown, headers?: WebhookRequest['headers']): MailEvent[] {
  return source.parse(requestOf(body, headers));
}

export function only(source: WebhookSource, body: unknown, headers?: WebhookRequest['headers']): MailEvent {
  const [event, ...more] = parse(source, body, headers);
  assert.ok(event !== undefined && more.length === 0, 'expected one event');
  return event;
}

/** The same text with one thing changed in it: a character or a few, digits and blanks above all, which careless parsers forgive; or all of it. */
export function mutationOf(text: string): fc.Arbitrary<string> {
  const place = fc.nat(text.length);
  const insert = fc.oneof(
    fc.string({ minLength: 1, maxLength: 3 }),
    fc.constantFrom('0', '9', ' ', '\n', '=', '+', '.', '\0', 'A'),
  );
  return fc
    .oneof(
      fc.tuple(place, fc.nat(4), insert).map(([i, n, s]) => text.slice(0, i) + s + text.slice(i + n)),
      fc.tuple(place, fc.integer({ min: 1, max: 4 })).map(([i, n]) => text.slice(0, i) + text.slice(i + n)),
      fc.tuple(place, place).map(([i, j]) => swapped(text, i, j)),
      place.map((i) => text.slice(i) + text.slice(0, i)),
      place.map((i) => text.slice(0, i)),
      fc.constantFrom(text.toUpperCase(), text.toLowerCase(), text + text),
      fc.string({ maxLength: 100 }),
    )
    .filter((mutated) => mutated !== text);
}

function swapped(text: string, i: number, j: number): string {
  const characters = [...text];
  [characters[i], characters[j]] = [characters[j] ?? '', characters[i] ?? ''];
  return characters.join('');
}

/** Whatever the body, and whatever stands where the source looks, it comes to sound events or WebhookParseError, and to the same ones again. */
export function assertNothingBreaks(source: WebhookSource, shaped: fc.Arbitrary<unknown>): void {
  const bytes = fc.uint8Array().map((array) => Buffer.from(array));
  const json = fc.oneof(shaped, fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value) ?? ''));
  fc.assert(
    fc.property(fc.oneof({ arbitrary: bytes, weight: 1 }, { arbitrary: json, weight: 4 }), (body) => {
      const events = outcomeOf(source, body);
      assert.deepEqual(outcomeOf(source, body), events);
    }),
    { numRuns: FORGERIES },
  );
}

/** Its events, which are sound, or why it has none. */
export function outcomeOf(source: WebhookSource, body: Buffer): MailEvent[] | string {
  try {
    const events = source.parse({ headers: {}, body });
    events.forEach(assertSound);
    return events;
  } catch (error) {
    if (error instanceof WebhookParseError) return error.message;
    throw error;
  }
}

function assertSound(event: MailEvent): void {
  const texts = [event.dedupeKey, event.messageId, event.recipient, event.trackingId, ...Object.values(event.detail)];
  for (const text of texts)
    assert.ok(typeof text !== 'string' || (text.isWellFormed() && !text.includes('\0') && text.length <= 2_000));
  assert.ok(event.dedupeKey.length > 0 && event.dedupeKey.length <= 250);
  assert.ok(event.occurredAt === null || new Date(event.occurredAt).toISOString() === event.occurredAt);
  assert.ok(
    event.recipient === null || (event.recipient.includes('@') && event.recipient === event.recipient.toLowerCase()),
  );
  assert.ok(event.subTaskId === null || UUID.test(event.subTaskId));
  assert.equal(event.subTaskId === null, event.subTaskIdFrom === null);
}

/** Of every type, and texts that are known to do harm. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    SUB_TASK,
    `<${SUB_TASK}.0@example.com>`,
    '__proto__',
    'constructor',
    1e300,
    'a@b',
  ),
);
