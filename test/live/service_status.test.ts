// Promise: one message a second at most says what every service does, and what came of its last mails.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { z } from 'zod';
import { startTestServer } from '../server/support.ts';
import { aQueuedTask, aService } from '../support/scene.ts';
import { serviceStatus, serviceStatusNow } from './operations.ts';
import { subscribe } from './subscriber.ts';
import { announce, sendSome } from './support.ts';

const state = z.object({
  activity: z.string(),
  until: z.string().nullable(),
  reason: z.string().nullable(),
  nextSlotAt: z.string().nullable(),
  usedQuota: z.number(),
  dailyQuota: z.number().nullable(),
  inFlight: z.number(),
  sequence: z.number(),
  service: z.object({ id: z.string(), name: z.string() }),
  handOvers: z.array(z.object({ endedAt: z.string(), outcome: z.string(), mails: z.number() })),
});
const message = z.object({ sequence: z.number(), at: z.string(), services: z.array(state) });

suite('serviceStatus', async () => {
  const place = await startTestServer();
  const { pool, data } = place;
  const now = async () => z.object({ serviceStatus: message }).parse(await data(serviceStatusNow)).serviceStatus;
  const stateOf = async (id: string) => (await now()).services.find(({ service }) => service.id === id);

  test('the first message is the snapshot; the next tells what changed, with the last hand-overs', async () => {
    await aQueuedTask(pool, { recipients: 5 });
    const id = await aService(pool, { intervalMs: 5_000, dailyQuota: 100 });
    await announce(pool);
    await using status = subscribe(place, serviceStatus);
    const first = message.parse(await status.next('data.serviceStatus'));
    assert.equal(first.sequence, (await now()).sequence);
    assert.deepEqual(first.services[0]?.handOvers, []);
    assert.equal(first.services[0]?.service.id, id);

    await sendSome(pool, id, 1);
    await announce(pool);
    const second = message.parse(await status.next('data.serviceStatus'));
    assert.ok(second.sequence > first.sequence);
    const [service] = second.services;
    assert.deepEqual(
      { ...service, handOvers: service?.handOvers.map(({ outcome, mails }) => [outcome, mails]) },
      {
        ...service,
        activity: 'waiting',
        until: service?.nextSlotAt,
        reason: null,
        usedQuota: 1,
        dailyQuota: 100,
        inFlight: 0,
        handOvers: [['sent', 1]],
      },
    );
    const waits = Date.parse(service?.until ?? '') - Date.parse(service?.handOvers[0]?.endedAt ?? '');
    assert.ok(Math.abs(waits - 5_000) < 100, 'until the interval is over');
  });

  test('nothing new is no message, whatever is announced', async () => {
    const id = await aService(pool, { intervalMs: 0 });
    await announce(pool);
    await using status = subscribe(place, serviceStatus);
    const { sequence } = message.parse(await status.next('data.serviceStatus'));
    await pool.query(`select pg_notify('services', '')`);
    await pool.query('update app_public.email_services set is_enabled = false where id = $1', [id]);
    await announce(pool);
    const next = message.parse(await status.next('data.serviceStatus'));
    assert.equal(next.sequence, sequence + 1, 'the first signal said nothing');
  });

  test('every activity has its name, its time and its reason', async () => {
    const id = await aService(pool, { intervalMs: 0, dailyQuota: 3 });
    const set = (assignments: string) =>
      pool.query(`update app_public.email_services set ${assignments} where id = $1`, [id]);
    await set(`is_enabled = true`);
    await pool.query('delete from graphile_worker._private_jobs where key = $1', [`send:${id}`]);
    assert.equal((await stateOf(id))?.activity, 'no_work');
    assert.equal((await stateOf(id))?.nextSlotAt, null);
    await pool.query('select app_private.wake_service($1)', [id]);
    assert.equal((await stateOf(id))?.activity, 'waiting');
    await set(`freeze_reason = 'the key is wrong', frozen_until = now() + interval '1 hour'`);
    const frozen = await stateOf(id);
    assert.deepEqual([frozen?.activity, frozen?.reason], ['frozen', 'the key is wrong']);
    assert.ok(Date.parse(frozen?.until ?? '') > Date.now());
    await set(
      `freeze_reason = null, frozen_until = '-infinity', quota_day = (now() at time zone 'UTC')::date, used_quota = 3`,
    );
    const exhausted = await stateOf(id);
    assert.equal(exhausted?.activity, 'exhausted');
    assert.match(exhausted?.until ?? '', /T00:00:00/);
    await set('in_flight = 1');
    assert.equal((await stateOf(id))?.activity, 'sending');
    await set('is_enabled = false');
    assert.equal((await stateOf(id))?.activity, 'disabled');
    await set('is_stopped = true');
    assert.equal((await stateOf(id))?.activity, 'stopped');
  });
});
