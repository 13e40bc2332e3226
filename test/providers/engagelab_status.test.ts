// Promise: what EngageLab's record says of mails reads like its webhooks; a state is one event however often it is asked for.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseWebhook } from '../../src/providers/engagelab_webhook.ts';
import { type KnownMail, LookUpError } from '../../src/providers/provider.ts';
import { aMail, aSimulator, httpServer, senderFor, TIMEOUT_MS } from '../simulator/support.ts';

const EMAIL_ID = '1_2_3.sc-inbound0$ada@example.org';

const row = (changes: object = {}) => ({
  email: 'Ada@example.org',
  email_id: EMAIL_ID,
  api_user: 'user',
  status: 1,
  status_desc: 'delivered',
  sub_status: 0,
  sub_status_desc: '',
  request_time: '2026-03-01 08:00:00',
  update_time: '2026-03-01 08:00:05',
  response_message: '250 OK',
  ...changes,
});
const parse = (...rows: object[]) =>
  parseWebhook(Buffer.from(JSON.stringify({ result: rows, total: String(rows.length), count: rows.length })));

test('a row is an event of its mail, its times read in Beijing', () => {
  assert.deepEqual(parse(row()), [
    {
      kind: 'delivered',
      occurredAt: '2026-03-01T00:00:05.000Z',
      dedupeKey: `${EMAIL_ID} status 1`,
      subTaskId: null,
      subTaskIdFrom: null,
      messageId: EMAIL_ID,
      trackingId: null,
      recipient: 'ada@example.org',
      machine: null,
      detail: { reason: '250 OK', sub_status: '0' },
    },
  ]);
});

for (const [status, subStatus, kind] of [
  [18, 0, undefined],
  [1, 0, 'delivered'],
  [4, 404, 'hard_bounce'],
  [4, 406, 'hard_bounce'],
  [4, 401, 'failed'],
  [4, 402, 'failed'],
  [4, 403, 'soft_bounce'],
  [4, 0, 'hard_bounce'],
  [5, 509, 'soft_bounce'],
  [5, 506, 'hard_bounce'],
  [77, 0, 'other'],
] as const) {
  test(`status ${status}, ${subStatus} is ${kind ?? 'nothing yet'}`, () =>
    assert.equal(parse(row({ status, sub_status: subStatus }))[0]?.kind, kind));
}

test('asked for later, a state has the same key; another state has another', () => {
  const keyOf = (changes: object) => parse(row(changes))[0]?.dedupeKey;
  assert.equal(keyOf({ update_time: '2026-03-02 09:00:00', response_message: 'again' }), keyOf({}));
  assert.notEqual(keyOf({ status: 5 }), keyOf({}));
});

test('fields are read as those of webhooks are: a time out of reach is none, an address may stand behind a name', () => {
  assert.equal(parse(row({ update_time: '1970-01-01 00:00:00' }))[0]?.occurredAt, null);
  assert.equal(parse(row({ update_time: '2999-01-01 00:00:00' }))[0]?.occurredAt, null);
  assert.equal(parse(row({ email: 'Ada <Ada@example.org>' }))[0]?.recipient, 'ada@example.org');
  assert.deepEqual(parse(row({ email_id: ' ' })), []);
});

test('rows that are no rows, and times that are none, do no harm', () => {
  assert.deepEqual(parseWebhook(Buffer.from('{"result":[null,7,"x",{}],"total":"4"}')), []);
  assert.equal(parse(row({ update_time: 'soon' }))[0]?.occurredAt, null);
  assert.equal(parse(row({ update_time: undefined, sub_status: undefined, email: 3 })).length, 1);
});

async function bodiesOf(t: TestContext, url: string, mails: KnownMail[], calls: number[] = []): Promise<Buffer[]> {
  const { lookUp } = senderFor(t, url);
  assert.ok(lookUp !== undefined);
  const bodies: Buffer[] = [];
  const beforeCall = async () => void calls.push(1);
  for await (const body of lookUp.statuses({ mails, timeoutMs: TIMEOUT_MS, beforeCall })) bodies.push(body);
  return bodies;
}

const known = (messageId: string, from = new Date(), until = from): KnownMail => ({ messageId, from, until });

test('twenty mails a call; what is still on its way tells nothing', async (t) => {
  const simulator = await aSimulator(t);
  const sender = senderFor(t, simulator.url);
  const mails: KnownMail[] = [];
  for (let i = 0; i < 45; i++) {
    const outcome = await sender.send(aMail({ to: `u${i}@example.org` }), TIMEOUT_MS);
    assert.ok(outcome.kind === 'accepted' && outcome.messageId !== null);
    mails.push(known(outcome.messageId));
  }
  const calls: number[] = [];
  const bodies = await bodiesOf(t, simulator.url, mails, calls);
  assert.equal(calls.length, 3);
  assert.deepEqual(
    new Set(bodies.flatMap(parseWebhook).map(({ messageId }) => messageId)),
    new Set(mails.map(({ messageId }) => messageId)),
  );
});

/** A server that answers every question with this, and what it was asked. */
async function aRecord(t: TestContext, status: number, body: string) {
  const asked: URLSearchParams[] = [];
  const url = await httpServer(t, (request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').searchParams);
    response.statusCode = status;
    response.end(body);
  });
  return { url, asked };
}

test('a mail of midnight in Beijing is asked for on both days', async (t) => {
  const { url, asked } = await aRecord(t, 200, '{"result":[],"total":"0"}');
  const mail = known(EMAIL_ID, new Date('2026-03-01T15:59:30Z'), new Date('2026-03-01T16:00:30Z'));
  assert.deepEqual(await bodiesOf(t, url, [mail]), []);
  assert.deepEqual(
    asked.map((query) => [query.get('send_date'), query.get('email_ids')]),
    [
      ['2026-03-01', EMAIL_ID],
      ['2026-03-02', EMAIL_ID],
    ],
  );
});

test('a question that is refused is passed over; no answer, or nonsense, is an error', async (t) => {
  const { url: refusing } = await aRecord(t, 400, '{"code":30899,"message":"email_ids"}');
  assert.deepEqual(await bodiesOf(t, refusing, [known(EMAIL_ID)]), []);
  for (const [status, body] of [
    [200, '{"result":7}'],
    [200, 'hello'],
    [401, '{"code":30000}'],
    [429, '{}'],
    [500, ''],
  ] as const) {
    const { url } = await aRecord(t, status, body);
    await assert.rejects(bodiesOf(t, url, [known(EMAIL_ID)]), LookUpError);
  }
});
