// Promise: EngageLab's record is read whole, or nothing is said of it.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { LookUp, Question, TakenMail } from '../../src/providers/provider.ts';
import { aMail, aSimulator, CREDENTIALS, httpServer, senderFor, TIMEOUT_MS } from '../simulator/support.ts';

function lookUpAt(t: TestContext, url: string): LookUp {
  const { lookUp } = senderFor(t, url);
  assert.ok(lookUp !== undefined);
  return lookUp;
}

function question(changes: Partial<Question> = {}): Question {
  const now = new Date();
  return {
    recipients: new Set(['ada@example.org']),
    periods: [{ from: now, until: now }],
    timeoutMs: TIMEOUT_MS,
    beforeCall: async () => {},
    ...changes,
  };
}

/** A server that answers each call with the next of these, and the last for ever; and what it was asked. */
async function aRecord(t: TestContext, ...pages: unknown[]) {
  const asked: URLSearchParams[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').searchParams);
    response.end(JSON.stringify(pages[Math.min(asked.length, pages.length) - 1]));
  };
  return { lookUp: lookUpAt(t, await httpServer(t, listener)), asked };
}

const row = (email: string, requestTime: unknown = '2026-03-01 08:00:00') => ({
  email,
  email_id: `1_2_3.sc-inbound0$${email}`,
  request_time: requestTime,
  status: 1,
});

test('a mail that was taken is found under the id that an answer would have brought, on whatever page', async (t) => {
  const simulator = await aSimulator(t);
  const sender = senderFor(t, simulator.url);
  for (let i = 0; i < 120; i++) await sender.send(aMail({ to: `u${i}@example.org` }), TIMEOUT_MS);
  const outcome = await sender.send(aMail({ to: 'Ada@example.org' }), TIMEOUT_MS);
  let calls = 0;
  const beforeCall = async () => {
    calls++;
  };
  const found = await lookUpAt(t, simulator.url).find(question({ beforeCall }));
  assert.deepEqual(
    found.map(({ recipient, messageId }) => ({ recipient, messageId })),
    [{ recipient: 'ada@example.org', messageId: outcome.kind === 'accepted' ? outcome.messageId : '' }],
  );
  assert.equal(calls, 2);
});

test('each of the days in Beijing is asked for once', async (t) => {
  const { lookUp, asked } = await aRecord(t, { result: [], total: '0' });
  const period = (from: string, until: string) => ({ from: new Date(from), until: new Date(until) });
  await lookUp.find(
    question({
      periods: [
        period('2026-03-01T15:59:00Z', '2026-03-01T16:01:00Z'),
        period('2026-03-01T15:00:00Z', '2026-03-01T15:01:00Z'),
        period('2026-03-05T00:00:00Z', '2026-03-05T00:00:00Z'),
      ],
    }),
  );
  assert.deepEqual(
    asked.map((query) => query.get('send_date')),
    ['2026-03-01', '2026-03-02', '2026-03-05'],
  );
});

test('a time without a zone is Beijing’s', async (t) => {
  const { lookUp } = await aRecord(t, {
    result: [row('ada@example.org'), row('ada@example.org', '2026-03-01T00:00:00Z')],
    total: '2',
  });
  const times = (await lookUp.find(question())).map(({ takenAt }: TakenMail) => takenAt.toISOString());
  assert.deepEqual(times, ['2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']);
});

const spoilt: [string, unknown[]][] = [
  ['is no record', [{ code: 1 }]],
  ['has a row without an id', [{ result: [{ email: 'a@b', request_time: '2026-03-01 08:00:00' }], total: '1' }]],
  ['has a row whose time can not be read', [{ result: [row('ada@example.org', 'yesterday')], total: '1' }]],
  [
    'ends too early',
    [
      { result: [row('ada@example.org')], total: '2' },
      { result: [], total: '2' },
    ],
  ],
  ['has more than can be read within its life', [{ result: [row('ada@example.org')], total: '60001' }]],
];
for (const [name, pages] of spoilt)
  test(`an answer that ${name} says nothing`, async (t) => {
    const { lookUp } = await aRecord(t, ...pages);
    await assert.rejects(lookUp.find(question()), { name: 'LookUpError' });
  });

test('a refusal says nothing either, and no secret comes back with it', async (t) => {
  const url = await httpServer(t, (_request, response) => {
    response.statusCode = 401;
    response.end(`wrong key ${CREDENTIALS.apiKey}`);
  });
  await assert.rejects(lookUpAt(t, url).find(question()), {
    name: 'LookUpError',
    message: 'HTTP 401: wrong key [secret]',
  });
});

test('no answer in time is an error', async (t) => {
  const url = await httpServer(t, () => {});
  await assert.rejects(lookUpAt(t, url).find(question({ timeoutMs: 50 })), { name: 'LookUpError' });
});

test('whoever asks sets the pace, and may break off', async (t) => {
  const { lookUp, asked } = await aRecord(t, { result: [], total: '0' });
  const beforeCall = () => Promise.reject(new Error('enough'));
  await assert.rejects(lookUp.find(question({ beforeCall })), /enough/);
  assert.equal(asked.length, 0);
});
