// Promise: a webhook that was answered with 200 is in the database, byte for byte; one that could not be recorded is refused.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type pg from 'pg';
import { pino } from 'pino';
import { openIntake } from '../../src/server/intake.ts';
import { one } from '../support/scene.ts';
import { startTestServer } from './support.ts';

const path = '/api/webhooks/mail-event';
const count = (db: pg.Pool) => one<number>(db, 'select count(*)::integer from app_public.event_logs');
const lastBody = (db: pg.Pool) => one<Buffer>(db, 'select body from app_public.event_logs order by id desc limit 1');

suite('webhooks', async () => {
  const { server, pool, url } = await startTestServer();
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, { method: 'POST', body, headers });

  test('any bytes are kept as they came', async () => {
    const bytes = Buffer.from([0x7b, 0x00, 0xff, 0x22, 0x5c, 0xc3, 0x28, 0x0a, 0x00]);
    const response = await post(bytes, { 'content-type': 'application/json' });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { ok: true });
    assert.deepEqual(await lastBody(pool), bytes);
    const { rows } = await pool.query('select provider, path, processed_at from app_public.event_logs');
    assert.deepEqual(rows, [{ provider: 'engagelab', path, processed_at: null }]);
  });

  test('the flat form and lists are taken, too', async () => {
    const bodies = ['{"event":"open","message_id":"m"}', '[{"event":"click"}]', 'not JSON at all'];
    for (const body of bodies) {
      assert.equal((await post(body)).status, 200);
      assert.equal((await lastBody(pool)).toString(), body);
    }
  });

  test("EngageLab's check of the address is answered, and nothing is recorded for it", async () => {
    const before = await count(pool);
    assert.deepEqual(await (await fetch(`${server.url}${path}`)).json(), { ok: true });
    assert.equal((await fetch(`${server.url}${path}`, { method: 'HEAD' })).status, 200);
    assert.deepEqual(await (await post('')).json(), { ok: true });
    assert.equal(await count(pool), before);
  });

  test('an empty object and a test ping are answered and recorded', async () => {
    const before = await count(pool);
    assert.deepEqual(await (await post('{}')).json(), { ok: true });
    assert.deepEqual(await (await post('{"test": true}')).json(), { ok: true, test: true });
    assert.equal(await count(pool), before + 2);
  });

  test('more than 1 MB is refused', async () => {
    const before = await count(pool);
    const response = await post(Buffer.alloc(1_000_001, 'x'));
    assert.equal(response.status, 413);
    assert.deepEqual(await response.json(), { code: 2002, message: 'the body is larger than 1000000 bytes' });
    assert.equal(await count(pool), before);
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
});
