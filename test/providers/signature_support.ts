// Requests, events and mutations for the tests of sources.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type MailEvent,
  WebhookParseError,
  type WebhookRequest,
  type WebhookSource,
} from '../../src/providers/webhook_source.ts';

/** How many mutations a fuzz tries; POSTILION_FUZZ_RUNS=100000 is the long form. */
export const FUZZ_RUNS = Number(process.env['POSTILION_FUZZ_RUNS'] ?? 2_000);

export const SUB_TASK = '018f3c1e-7d2a-7c4b-9a51-3f2b6c8d9e0f';

export function requestOf(body: unknown, headers: WebhookRequest['headers'] = {}): WebhookRequest {
  return { headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

export function only(events: readonly MailEvent[]): MailEvent {
  const [event, ...more] = events;
  assert.ok(event !== undefined && more.length === 0, `expected one event, not ${events.length}`);
  return event;
}

/** For verifiers that don't ask anybody. */
export const noFetch: typeof fetch = () => Promise.reject(new Error('nothing is fetched here'));

/** The same text with one thing changed in it: a character, or a few. */
export function mutationOf(text: string): fc.Arbitrary<string> {
  const at = fc.nat(text.length);
  const insert = fc.string({ minLength: 1, maxLength: 3 });
  const cut = fc.integer({ min: 1, max: 4 });
  return fc
    .oneof(
      fc.tuple(at, insert).map(([i, s]) => text.slice(0, i) + s + text.slice(i)),
      fc.tuple(at, cut).map(([i, n]) => text.slice(0, i) + text.slice(i + n)),
      fc.tuple(at, insert).map(([i, s]) => text.slice(0, i) + s + text.slice(i + s.length)),
      fc.tuple(at, at).map(([i, j]) => swapped(text, i, j)),
      at.map((i) => text.slice(0, i)),
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
      try {
        const events = source.parse({ headers: {}, body });
        events.forEach(assertSound);
        assert.deepEqual(source.parse({ headers: {}, body }), events);
      } catch (error) {
        if (!(error instanceof WebhookParseError)) throw error;
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
}

export function assertSound(event: MailEvent): void {
  const texts = [event.dedupeKey, event.messageId, event.recipient, event.trackingId, ...Object.values(event.detail)];
  for (const text of texts)
    assert.ok(typeof text !== 'string' || (text.isWellFormed() && !text.includes('\0') && text.length <= 2_000));
  assert.ok(event.dedupeKey.length > 0 && event.dedupeKey.length <= 250);
  assert.ok(event.occurredAt === null || new Date(event.occurredAt).toISOString() === event.occurredAt);
  assert.ok(event.subTaskId === null || /^[0-9a-f-]{36}$/.test(event.subTaskId));
  assert.equal(event.subTaskId === null, event.subTaskIdFrom === null);
}

/** Junk of every type, and texts that are known to do harm. */
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
