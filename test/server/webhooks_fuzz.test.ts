// Promise: whatever bytes are posted, the server answers, records all that it acknowledged byte for byte, and no parser breaks on reading it.
// WEBHOOK_FUZZ=100000 posts as many.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createWebhookSecret } from '../../src/database/webhooks/create_webhook_secret.ts';
import { WebhookParseError } from '../../src/providers/webhook_source.ts';
import { postedSources, webhookSource } from '../../src/providers/webhook_sources.ts';
import { webhookPath } from '../../src/server/webhooks/paths.ts';
import { startTestServer } from './support.ts';
import { aServiceWithPath } from './webhooks_support.ts';

const runs = Number(process.env['WEBHOOK_FUZZ'] ?? 10_000);
const connections = 16;
/** One in so many is posted by a stranger, too. */
const strangers = 4;

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
const subTask = event.custom_args.subtask_id;
/** Of each source what it posts, as its parser reads it. */
const seeds: Readonly<Record<string, readonly unknown[]>> = {
  engagelab: [event, flat, [event, flat], { total: 2, rows: [event, flat] }],
  mailgun: [
    {
      signature: { timestamp: '1676615711', token: 'token', signature: 'ab12' },
      'event-data': {
        event: 'failed',
        severity: 'permanent',
        id: 'G9Bn5sl1TC6nu79C8C0bwg',
        timestamp: 1676615711.37,
        recipient: 'reader@example.com',
        'delivery-status': { code: 550, message: '5.1.1 nobody', description: '' },
        message: { headers: { 'message-id': `${subTask}.0@example.com`, to: 'reader@example.com' } },
        'user-variables': { subtask_id: subTask },
      },
    },
  ],
  postmark: [
    {
      RecordType: 'Bounce',
      Type: 'HardBounce',
      ID: 4_323_372_036_854_776,
      MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
      Details: 'smtp;550 5.1.1 nobody',
      Email: 'reader@example.com',
      BouncedAt: '2023-02-17T06:35:11Z',
      Metadata: { subtask_id: subTask },
    },
  ],
  resend: [
    {
      type: 'email.bounced',
      created_at: '2023-02-17T06:35:11.000Z',
      data: {
        email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
        to: ['reader@example.com'],
        bounce: { type: 'Permanent', subType: 'General', message: '550 5.1.1 nobody' },
        tags: { subtask_id: subTask },
      },
    },
  ],
  sendgrid: [
    [
      {
        event: 'open',
        email: 'reader@example.com',
        timestamp: 1676615711,
        sg_event_id: 'ZyjAM5rnQmuI',
        subtask_id: subTask,
      },
      {
        event: 'bounce',
        email: 'reader@example.com',
        status: '5.1.1',
        reason: '550 nobody',
        'smtp-id': '<m@example.com>',
      },
    ],
  ],
  ses: [
    {
      Type: 'Notification',
      MessageId: 'da41e39f-ea4d-435a-b922-c6aae3915ebe',
      TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
      Timestamp: '2023-02-17T06:35:11.000Z',
      Message: JSON.stringify({
        eventType: 'Bounce',
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [{ emailAddress: 'reader@example.com' }],
        },
        mail: { messageId: 'm', headers: [{ name: 'X-Postilion-Sub-Task', value: subTask }] },
      }),
    },
  ],
  sparkpost: [
    [
      {
        msys: {
          message_event: {
            type: 'bounce',
            event_id: '92356927693813856',
            timestamp: '1676615711',
            bounce_class: '10',
            raw_reason: '550 5.1.1 nobody',
            rcpt_to: 'reader@example.com',
            rcpt_meta: { subtask_id: subTask },
          },
        },
      },
    ],
  ],
  standard: [
    {
      type: 'mail.soft_bounce',
      timestamp: '2023-02-17T06:35:11Z',
      data: { sub_task_id: subTask, recipient: 'reader@example.com', detail: { reason: '452 4.2.2 full' } },
    },
  ],
};
const sources = postedSources();

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
const mutatedOf = (bodies: readonly unknown[]) =>
  fc
    .record({ body: fc.constantFrom(...bodies), mutations: fc.array(mutation, { maxLength: 6 }) })
    .map(({ body, mutations }) => mutations.reduce(mutate, Buffer.from(JSON.stringify(body))));
const bodyOf = (name: string) =>
  fc.oneof(
    { arbitrary: mutatedOf(seeds[name] ?? assert.fail(`no seeds of ${name}`)), weight: 8 },
    { arbitrary: fc.json().map(Buffer.from), weight: 1 },
    { arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes)), weight: 1 },
  );
const posting = fc
  .constantFrom(...sources)
  .chain((source) => fc.record({ source: fc.constant(source), body: bodyOf(source.name) }));

function mutate(body: Buffer<ArrayBuffer>, { at, cut, put }: { at: number; cut: number; put: Buffer }) {
  const place = Math.floor(at * body.length);
  return Buffer.concat([body.subarray(0, place), put, body.subarray(place + cut)]);
}

suite('webhook fuzz', async () => {
  const started = await startTestServer();
  const { pool, server } = started;
  const { id, address } = await aServiceWithPath(started);
  const paths = new Map<string, string>();
  for (const { name } of sources)
    paths.set(name, server.url + webhookPath(name, await createWebhookSecret(pool, id, name)));
  const right = (source: string) => paths.get(source) ?? address;
  const wrong = (source: string) => right(source).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const post = async (to: string, body: Buffer<ArrayBuffer>) => {
    const response = await fetch(to, { method: 'POST', body });
    await response.arrayBuffer();
    return response.status;
  };

  test(`${runs} mutated bodies: none fails, none is lost, none breaks a parser`, async () => {
    const acknowledged: string[] = [];
    const seed = Date.now() % 2 ** 31;
    const postings = fc.sample(posting, { numRuns: runs, seed });
    const waiting = postings.entries();
    const sendAll = async () => {
      for (const [number, { source, body }] of waiting) {
        const what = `seed ${seed}, ${source.name}, body ${body.toString('base64')}`;
        const isRecorded = !isCheck(body) && source.needsSigningSecret !== true;
        assert.equal(await post(right(source.name), body), isRecorded || isCheck(body) ? 200 : 401, what);
        if (isRecorded) acknowledged.push(`${source.name} ${sha256(body)}`);
        assertReadable(source.name, body);
        if (number % strangers === 0)
          assert.equal(await post(wrong(source.name), body), isCheck(body) ? 200 : 401, what);
      }
    };
    await Promise.all(Array.from({ length: connections }, sendAll));
    const { rows } = await pool.query<{ provider: string; body: Buffer }>(
      'select provider, body from app_public.event_logs',
    );
    assert.deepEqual(rows.map(({ provider, body }) => `${provider} ${sha256(body)}`).sort(), acknowledged.sort());
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
