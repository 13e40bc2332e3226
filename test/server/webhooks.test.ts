// Promise: a webhook that was answered with 200 is in the database, byte for byte; one that could not be recorded is refused.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { suite, test } from 'node:test';
import type pg from 'pg';
import { pino } from 'pino';
import { openIntake } from '../../src/server/intake.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { startTestServer } from './support.ts';
import { aServiceWithPath } from './webhooks_support.ts';

const count = (db: pg.Pool) => one<number>(db, 'select count(*)::integer from app_public.event_logs');
const lastBody = (db: pg.Pool) => one<Buffer>(db, 'select body from app_public.event_logs order by id desc limit 1');

suite('webhooks', async () => {
  const started = await startTestServer();
  const { server, pool, url, logged } = started;
  const { id: serviceId, address, secret } = await aServiceWithPath(started);
  const open = `${server.url}/api/webhooks/mail-event`;
  const unknown = `${server.url}/api/webhooks/engagelab/no-secret-of-anybody`;
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, to = address) =>
    fetch(to, { method: 'POST', body, headers });

  test('any bytes are kept as they came, with the service and without the secret', async () => {
    const bytes = Buffer.from([0x7b, 0x00, 0xff, 0x22, 0x5c, 0xc3, 0x28, 0x0a, 0x00]);
    const response = await post(bytes, {
      'content-type': 'application/json',
      'x-original-uri': new URL(address).pathname,
    });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { ok: true });
    assert.deepEqual(await lastBody(pool), bytes);
    const { rows } = await pool.query(
      'select provider, path, email_service_id, headers::text, processed_at from app_public.event_logs',
    );
    assert.partialDeepStrictEqual(rows, [
      { provider: 'engagelab', path: '/api/webhooks/engagelab', email_service_id: serviceId, processed_at: null },
    ]);
    assert.equal(JSON.stringify(rows).includes(secret), false, 'not even in the headers of a proxy');
    assert.match(rows[0].headers, /"content-type": "application\/json"/);
  });

  test('the flat form and lists are taken, too', async () => {
    const bodies = ['{"event":"open","message_id":"m"}', '[{"event":"click"}]', 'not JSON at all'];
    for (const body of bodies) {
      assert.equal((await post(body)).status, 200);
      assert.equal((await lastBody(pool)).toString(), body);
    }
  });

  test('checks of an address are answered at every path alike, and nothing is recorded for them', async () => {
    const before = await count(pool);
    for (const to of [address, open, unknown]) {
      assert.deepEqual(await (await fetch(to)).json(), { ok: true });
      assert.equal((await fetch(to, { method: 'HEAD' })).status, 200);
      for (const body of ['', '{}', ' {\n}']) assert.deepEqual(await (await post(body, {}, to)).json(), { ok: true });
      assert.deepEqual(await (await post('{"test": true}', {}, to)).json(), { ok: true, test: true });
    }
    assert.equal(await count(pool), before);
  });

  test('a source nobody posts for has no path', async () => {
    for (const source of ['tracking', 'pigeon'])
      for (const init of [{}, { method: 'POST', body: '{"event":"open"}' }])
        assert.equal((await fetch(address.replace('engagelab', source), init)).status, 404);
  });

  test('more than 1 MB is refused', async () => {
    const before = await count(pool);
    const response = await post(Buffer.alloc(1_000_001, 'x'));
    assert.equal(response.status, 413);
    assert.deepEqual(await response.json(), { code: 2002, message: 'the body is larger than 1000000 bytes' });
    assert.equal(await count(pool), before);
  });

  test('a body that never ends is refused where it becomes too long, of a stranger at its beginning', async () => {
    assert.equal(await statusOfEndless(address), 413);
    for (const to of [unknown, open]) assert.equal(await statusOfEndless(to), 401);
    const heads = `select bool_and(octet_length(body_head) = 1024 and body_sha256 is null and body_size is null)
                     from app_hidden.webhook_refusals`;
    await eventually(
      () => one<boolean | null>(pool, heads),
      (areHeads) => areHeads === true,
    );
  });

  test('a stranger is refused by the first kilobyte, whatever he announces', async () => {
    const sending = request(unknown, { method: 'POST', headers: { 'content-length': '900000' } });
    sending.on('error', () => {});
    sending.write(Buffer.alloc(1_024, 'x'));
    const [response]: IncomingMessage[] = await once(sending, 'response');
    sending.destroy();
    assert.deepEqual([response?.statusCode, response?.headers.connection], [401, 'close']);
  });

  test('the limit can be set', async () => {
    const small = await startTestServer({ WEBHOOK_MAX_BYTES: '2000' });
    const { address } = await aServiceWithPath(small);
    const status = async (bytes: number) => (await post('x'.repeat(bytes), {}, address)).status;
    assert.deepEqual([await status(2000), await status(2001)], [200, 413]);
  });

  test('a thousand at once are all there, and wake one job', async () => {
    const before = await count(pool);
    const bodies = Array.from({ length: 1000 }, (_, number) => `{"event":"open","message_id":"many-${number}"}`);
    const statuses = await Promise.all(bodies.map(async (body) => (await post(body)).status));
    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.equal(await count(pool), before + 1000);
    const { rows } = await pool.query(
      `select distinct convert_from(body, 'UTF8') as body from app_public.event_logs where body like '%many-%'`,
    );
    assert.deepEqual(new Set(rows.map(({ body }) => body)), new Set(bodies));
    const jobs = `select count(*)::integer from graphile_worker.jobs where task_identifier = 'apply_events'`;
    assert.equal(await one(pool, jobs), 1);
  });

  test('a row that PostgreSQL refuses does not take its neighbours along', async () => {
    const intake = openIntake({ url, log: pino({ level: 'silent' }) });
    const row = (name: string) => ({ provider: 'test', path: '/', headers: { name }, body: Buffer.from(name) });
    const results = await Promise.allSettled(['a', 'a\0b', 'c'].map((name) => intake.record(row(name))));
    await intake.close();
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    const names = await pool.query(
      `select headers ->> 'name' as name from app_public.event_logs where provider = 'test'`,
    );
    assert.deepEqual(
      names.rows.map(({ name }) => name),
      ['a', 'c'],
    );
  });

  test('what can not be recorded is refused, in words EngageLab understands', async () => {
    await pool.query('alter function app_private.record_events rename to broken');
    const response = await post('{"event":"open"}');
    await pool.query('alter function app_private.broken rename to record_events');
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '5');
    assert.deepEqual(await response.json(), {
      code: 2002,
      message: 'the event could not be recorded; send it again',
    });
    assert.equal((await post('{"event":"open"}')).status, 200);
  });

  test('more than may wait is refused, and what was acknowledged before and after is there', async () => {
    assert.equal((await post('{"event":"before"}')).status, 200);
    const blocker = await pool.connect();
    await blocker.query('begin; lock table app_public.event_logs in access exclusive mode');
    // A connection that broke is no acknowledgement either.
    const send = (number: number) => post(Buffer.alloc(999_999, `crowd ${number} `)).catch(() => null);
    const answers = await Promise.all(Array.from({ length: 80 }, (_, number) => send(number))).finally(async () => {
      await blocker.query('rollback');
      blocker.release();
    });
    const heard = answers.filter((answer) => answer !== null);
    assert.ok(heard.length > 0);
    for (const { status, headers } of heard) assert.deepEqual([status, headers.get('retry-after')], [503, '5']);
    await eventually(
      async () => logged(),
      (lines) => lines.includes('too many bytes of webhooks are in progress'),
    );
    // As a provider does: again, until it is taken.
    await eventually(
      async () => (await post('{"event":"after"}')).status,
      (status) => status === 200,
    );
    const { rows } = await pool.query<{ body: string }>(
      `select distinct convert_from(body, 'UTF8') as body from app_public.event_logs where body in ('{"event":"before"}', '{"event":"after"}')`,
    );
    assert.equal(rows.length, 2);
  });
});

/** Sends without an end until it is answered. */
async function statusOfEndless(to: string): Promise<number | undefined> {
  const sending = request(to, { method: 'POST' });
  sending.on('error', () => {});
  const more = () => {
    while (!sending.destroyed && sending.write(Buffer.alloc(64_000, 'x')));
  };
  sending.on('drain', more);
  more();
  const [response]: IncomingMessage[] = await once(sending, 'response');
  sending.destroy();
  return response?.statusCode;
}
