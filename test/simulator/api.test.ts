// Promise: the simulator answers as EngageLab does, so that a driver can not tell the difference.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { aMail, aSimulator, CREDENTIALS, jsonOf, senderFor, TIMEOUT_MS } from './support.ts';

const basic = ({ apiUser, apiKey } = CREDENTIALS) => `Basic ${Buffer.from(`${apiUser}:${apiKey}`).toString('base64')}`;

async function call(url: string, init: RequestInit = {}, authorization = basic()) {
  const response = await fetch(url, { ...init, headers: { authorization } });
  return { status: response.status, body: jsonOf(await response.text()) };
}

const wire = (changes: object = {}) => ({
  from: 'News <news@example.com>',
  to: ['ada@example.org'],
  body: { subject: 'Hello', content: { html: '<p>Hello</p>' }, headers: {} },
  custom_args: { subtask_id: randomUUID(), task_id: 'task' },
  request_id: randomUUID(),
  ...changes,
});

const post = (url: string, body: unknown, authorization?: string) =>
  call(`${url}/v1/mail/send`, { method: 'POST', body: JSON.stringify(body) }, authorization);

test('a wrong key, an unknown user and no login get 401 and code 30000', async (t) => {
  const { url, record } = await aSimulator(t);
  for (const login of [
    basic({ apiUser: 'user', apiKey: 'x' }),
    basic({ apiUser: 'eve', apiKey: 'key-of-user' }),
    'Bearer x',
    '',
  ]) {
    const answer = await post(url, wire(), login);
    assert.deepEqual(answer, { status: 401, body: { code: 30_000, message: 'Authentication failed' } });
  }
  assert.deepEqual(
    [...record.entries()].map((entry) => entry.account),
    ['user', 'eve', null, null],
  );
});

test('a mail is validated with the codes of the documentation', async (t) => {
  const { url, record } = await aSimulator(t);
  const { body } = wire();
  const codeFor = async (changes: object) => {
    const answer = await post(url, wire(changes));
    assert.equal(answer.status, 400);
    assert.ok(typeof answer.body['message'] === 'string');
    return answer.body['code'];
  };
  assert.equal(await codeFor({ from: '' }), 30_801);
  assert.equal(await codeFor({ body: { ...body, headers: { 'Reply-To': 'a@b.c' } } }), 30_862);
  assert.equal(await codeFor({ custom_args: 'text' }), 30_893);
  assert.equal(await codeFor({ custom_args: { 'a.b': 1 } }), 30_893);
  assert.equal(await codeFor({ custom_args: { a: 'x'.repeat(1_100) } }), 30_893);
  for (const changes of [
    { to: [] },
    { to: ['nobody'] },
    { to: ['a@b.c', 'd@e.f'] },
    { body: { ...body, subject: '' } },
    { body: { ...body, subject: 'x'.repeat(257) } },
    { body: { ...body, content: { html: '', text: '' } } },
    { request_id: 'x'.repeat(129) },
    { body: null },
  ])
    assert.equal(typeof (await codeFor(changes)), 'number');
  assert.ok([...record.entries()].every((entry) => entry.outcome === 'refused' && entry.status === 400));
});

test('reply_to and attachments are validated, and stand in the record', async (t) => {
  const { url, record } = await aSimulator(t);
  const { body } = wire();
  const sent = (changes: object) => post(url, wire({ body: { ...body, ...changes } }));
  const file = { filename: 'a.txt', type: 'text/plain', content: 'SGVsbG8K', disposition: 'attachment' };
  const tooMuch = Buffer.alloc(5_000_001).toString('base64');
  for (const changes of [
    { reply_to: 'a@b.c' },
    { reply_to: [] },
    { reply_to: ['nobody'] },
    { reply_to: ['a@b.c', 'a@b.c', 'a@b.c', 'a@b.c'] },
    { attachments: file },
    { attachments: [{ ...file, content: 'SGVsbG8' }] },
    { attachments: [{ ...file, content: '' }] },
    { attachments: [{ ...file, filename: '' }] },
    { attachments: [{ ...file, type: 'text' }] },
    { attachments: [{ ...file, disposition: 'hidden' }] },
    { attachments: [1, 2].map((n) => ({ ...file, filename: `${n}`, content: tooMuch })) },
  ])
    assert.equal((await sent(changes)).status, 400, JSON.stringify(changes).slice(0, 80));
  record.reset();
  assert.equal((await sent({ reply_to: ['a@b.c', 'd@e.f'], attachments: [file] })).status, 200);
  const [entry] = record.entries();
  assert.equal(entry?.replyTo, 'a@b.c, d@e.f');
  const sha256 = createHash('sha256').update('Hello\n').digest('hex');
  assert.deepEqual(entry?.attachments, [{ filename: 'a.txt', type: 'text/plain', bytes: 6, sha256 }]);
});

test('a body that is not JSON is refused, and recorded', async (t) => {
  const { url, record } = await aSimulator(t);
  const answer = await call(`${url}/v1/mail/send`, { method: 'POST', body: '{' });
  assert.equal(answer.status, 400);
  assert.equal(record.get(0).outcome, 'refused');
});

test('an accepted mail is answered with its email id and request id', async (t) => {
  const { url } = await aSimulator(t);
  const { status, body } = await post(url, wire({ request_id: 'r-1' }));
  assert.equal(status, 200);
  assert.equal(body['request_id'], 'r-1');
  assert.match(String(body['email_ids']), /^\d{13}_\d+_\d+_\d+\.sc-simulator-inbound0\$ada@example\.org$/);
});

test('a repeated request_id gets the earlier result and is no new mail', async (t) => {
  const simulator = await aSimulator(t);
  const sender = senderFor(t, simulator.url);
  const mail = aMail();
  const first = await sender.send(mail, TIMEOUT_MS);
  assert.deepEqual(await sender.send(mail, TIMEOUT_MS), first);
  assert.deepEqual(
    [...simulator.record.entries()].map((entry) => entry.outcome),
    ['accepted', 'repeat'],
  );
  assert.equal(simulator.summary().duplicates, 0);
});

test('after its time a request_id is forgotten', async (t) => {
  const simulator = await aSimulator(t, { requestIdMemoryMs: 0 });
  const sender = senderFor(t, simulator.url);
  const mail = aMail();
  await sender.send(mail, TIMEOUT_MS);
  await sender.send(mail, TIMEOUT_MS);
  assert.deepEqual(
    [...simulator.record.entries()].map((entry) => entry.outcome),
    ['accepted', 'accepted'],
  );
  assert.equal(simulator.summary().duplicates, 1);
});

test('the same request_id of two accounts is two mails', async (t) => {
  const simulator = await aSimulator(t, { accounts: { user: 'key-of-user', other: 'other-key' } });
  const mail = aMail();
  await senderFor(t, simulator.url).send(mail, TIMEOUT_MS);
  await senderFor(t, simulator.url, { credentials: { apiUser: 'other', apiKey: 'other-key' } }).send(mail, TIMEOUT_MS);
  assert.equal(simulator.summary().duplicates, 1);
});

test('email_status tells what became of the mails of a day, a page at a time', async (t) => {
  const simulator = await aSimulator(t, { outcomes: { hardBounce: 0.5 } });
  const sender = senderFor(t, simulator.url);
  for (let i = 0; i < 20; i++) await sender.send(aMail({ to: `u${i}@example.org` }), TIMEOUT_MS);
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const { body } = await call(`${simulator.url}/v1/email_status?send_date=${day}&offset=5&limit=10`);
  assert.equal(body['total'], '20');
  assert.equal(body['count'], 10);
  const rows = Array.isArray(body['result']) ? body['result'] : [];
  for (const row of rows)
    assert.ok((row.status === 1 && row.sub_status === 0) || (row.status === 4 && row.sub_status === 406));
  const one = await call(
    `${simulator.url}/v1/email_status?send_date=${day}&email_ids=${encodeURIComponent(rows[0].email_id)}`,
  );
  assert.equal(one.body['total'], '1');
  const other = await call(`${simulator.url}/v1/email_status?send_date=2001-01-01`);
  assert.equal(other.body['total'], '0');
  assert.equal((await call(`${simulator.url}/v1/email_status`)).status, 400);
});

test('email_status takes so many calls a minute', async (t) => {
  const { url } = await aSimulator(t, { statusCallsPerMinute: 2 });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await call(`${url}/v1/email_status?send_date=2001-01-01`)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

test('email_status repeats its answer as long as it is told to keep it', async (t) => {
  const simulator = await aSimulator(t, { statusCacheMs: 600_000 });
  const sender = senderFor(t, simulator.url);
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const total = async (more = '') =>
    (await call(`${simulator.url}/v1/email_status?send_date=${day}${more}`)).body['total'];
  assert.equal(await total(), '0');
  await sender.send(aMail(), TIMEOUT_MS);
  assert.deepEqual([await total(), await total('&limit=10')], ['0', '1']);
});

test('the quota counts the mails of the day', async (t) => {
  const simulator = await aSimulator(t, { accountQuota: 7_160 });
  await senderFor(t, simulator.url).send(aMail(), TIMEOUT_MS);
  const { body } = await call(`${simulator.url}/v1/account/quota`);
  assert.deepEqual(body, { result: { account_quota: 7_160, daily_quota: 2_000_000, daily_quota_used: 1 } });
  assert.equal((await call(`${simulator.url}/v1/account/quota`, {}, '')).status, 401);
});

test('another path is not found, as behind a wrong base URL', async (t) => {
  const { url } = await aSimulator(t);
  const outcome = await senderFor(t, `${url}/elsewhere`).send(aMail(), TIMEOUT_MS);
  assert.partialDeepStrictEqual(outcome, { kind: 'unusable', reason: 'configuration' });
});

test('an option that makes no sense is named', async (t) => {
  await assert.rejects(aSimulator(t, { answerDelayMs: [2, 1] }), /answerDelayMs/);
});
