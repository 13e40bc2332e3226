// Promise: whatever bytes are posted, the server answers, records all that it acknowledged byte for byte, and no parser breaks on reading it.
// WEBHOOK_FUZZ=100000 posts as many.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { WebhookParseError } from '../../src/providers/webhook_source.ts';
import { postedSources, webhookSource } from '../../src/providers/webhook_sources.ts';
import { startTestServer } from './support.ts';
import { aServiceWithPath } from './webhooks_support.ts';

const runs = Number(process.env['WEBHOOK_FUZZ'] ?? 1_000);
const atOnce = 50;

const event = {
  server: 'email',
  message_id: '1676615711309_104117_18546_8821.sc-10_43_7_16-inbound',
  itime: 1676615711325,
  status: {
    message_status: 'delivered',
    status_data: { email_id: '1676615711309_104117_18546_8821.sc-10_43_7_16-inbound0$reader@example.com', task_id: -1 },
    error_detail: { message: '250 OK', sub_stat: 0 },
  },
  custom_args: { subtask_id: '0197a3a4-0000-7000-8000-000000000000' },
};
const flat = {
  event: 'click',
  message_id: 'm',
  url: 'https://example.com/',
  timestamp: 1676615711,
  custom_args: '{"a":1}',
};
const bodies = [event, flat, [event, flat], { total: 2, rows: [event, flat] }].map((each) => JSON.stringify(each));

/** What breaks parsers: bytes that are no text, NUL, lone surrogates, breaks of lines, depth, numbers beyond all bounds. */
const poison = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      '\\u0000',
      '\\ud800',
      '\r\n\r\n',
      '"__proto__":{"x":1},',
      '1e999',
      '-0',
      'null',
      '\ufeff',
      '['.repeat(5_000),
      '{"a":'.repeat(5_000),
    )
    .map((text) => Buffer.from(text)),
);
const mutation = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(60), put: poison });
const mutated = fc
  .record({ body: fc.constantFrom(...bodies), mutations: fc.array(mutation, { maxLength: 6 }) })
  .map(({ body, mutations }) => mutations.reduce(mutate, Buffer.from(body)));
const wholly = fc.oneof(
  mutated,
  mutated,
  fc.json().map(Buffer.from),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
const posting = fc.record({ body: wholly, source: fc.constantFrom(...postedSources().map(({ name }) => name)) });

function mutate(body: Buffer<ArrayBuffer>, { at, cut, put }: { at: number; cut: number; put: Buffer }) {
  const place = Math.floor(at * body.length);
  return Buffer.concat([body.subarray(0, place), put, body.subarray(place + cut)]);
}

suite('webhook fuzz', async () => {
  const started = await startTestServer();
  const { pool } = started;
  const { address } = await aServiceWithPath(started);
  const right = (source: string) => address.replace('/engagelab/', `/${source}/`);
  const wrong = (source: string) => right(source).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const post = async (to: string, body: Buffer<ArrayBuffer>) => (await fetch(to, { method: 'POST', body })).status;

  test(`${runs} mutated bodies: none fails, none is lost, none breaks a parser`, async () => {
    const acknowledged: string[] = [];
    const seed = Date.now() % 2 ** 31;
    const postings = fc.sample(posting, { numRuns: runs, seed });
    for (let from = 0; from < postings.length; from += atOnce) {
      const some = postings.slice(from, from + atOnce).map(async ({ source, body }) => {
        assert.equal(await post(right(source), body), 200, `seed ${seed}, body ${body.toString('base64')}`);
        assert.ok(
          [200, 401].includes(await post(wrong(source), body)),
          `seed ${seed}, body ${body.toString('base64')}`,
        );
        if (!isCheck(body)) acknowledged.push(`${source} ${sha256(body)}`);
      });
      await Promise.all(some);
    }
    const { rows } = await pool.query<{ provider: string; body: Buffer }>(
      'select provider, body from app_public.event_logs',
    );
    assert.deepEqual(rows.map(({ provider, body }) => `${provider} ${sha256(body)}`).sort(), acknowledged.sort());
    for (const { provider, body } of rows) assertReadable(provider, body);
  });
});

/** Said anew here, from the promise: nothing, {} or the ping. */
function isCheck(body: Buffer): boolean {
  const text = body.toString().trim();
  return text === '' || /^\{\s*("test"\s*:\s*true\s*)?\}$/.test(text);
}

function assertReadable(provider: string, body: Buffer): void {
  try {
    webhookSource(provider).parse({ headers: {}, body });
  } catch (error) {
    assert.ok(error instanceof WebhookParseError, `${provider}, body ${body.toString('base64')}: ${error}`);
  }
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
