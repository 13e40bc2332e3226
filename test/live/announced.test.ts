// Promise: whoever knows a subject's number knows whether anything was announced since, and no mail announces anything by itself.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';
import { announce, complete, sendOne } from './support.ts';

suite('what is announced', () => {
  let db: TestDatabase;
  let ear: pg.Client;
  let heard: string[];
  before(async () => {
    db = await createTestDatabase();
    ear = new pg.Client({ connectionString: db.url });
    await ear.connect();
    ear.on('notification', ({ channel }) => void heard.push(channel));
  });
  after(async () => {
    await ear.end();
    await db.close();
  });
  const listenTo = async (...channels: string[]) => {
    await ear.query('unlisten *');
    for (const channel of channels) await ear.query(`listen ${pg.escapeIdentifier(channel)}`);
    heard = [];
  };
  /** What was committed before is heard by then. */
  const told = async () => {
    await ear.query('select 1');
    return heard.splice(0);
  };

  test('a Task: its number grows with its state at once, with its statistics at the fold', async () => {
    const { taskId } = await aQueuedTask(db.pool, { recipients: 3 });
    await announce(db.pool);
    const sequence = () =>
      one<number>(db.pool, 'select app_public.tasks_sequence(t) from app_public.tasks t where id = $1', [taskId]);
    const first = await sequence();
    await announce(db.pool);
    assert.equal(await sequence(), first, 'nothing happened');
    await db.pool.query('select app_public.pause_task($1)', [taskId]);
    assert.equal(await sequence(), first + 1);
    await db.pool.query('select app_public.cancel_task($1)', [taskId]);
    await announce(db.pool);
    assert.ok((await sequence()) > first + 1);
  });

  test('a service: its last hand-overs are known a second later, and it is announced once', async () => {
    const { taskId } = await aQueuedTask(db.pool, { recipients: 30 });
    const serviceId = await aService(db.pool, { intervalMs: 0, maxInFlight: 30 });
    await announce(db.pool);
    await listenTo('services');
    for (let mail = 0; mail < 22; mail += 1) await sendOne(db.pool, serviceId, mail === 21 ? 'refused' : 'accepted');
    assert.deepEqual(await told(), [], 'no mail announces anything');
    await announce(db.pool);
    assert.deepEqual(await told(), ['services']);
    const state = await one<{ hand_overs: { outcome: string; mails: number }[]; used_quota: number }>(
      db.pool,
      'select to_jsonb(s) from app_public.service_states() s where email_service_id = $1',
      [serviceId],
    );
    assert.equal(state.hand_overs.length, 20);
    assert.equal(state.hand_overs[0]?.outcome, 'failed');
    assert.equal(state.hand_overs[1]?.outcome, 'sent');
    assert.equal(state.used_quota, 21);
    await announce(db.pool);
    assert.deepEqual(await told(), [], 'nothing changed');
    await db.pool.query('select app_public.cancel_task($1)', [taskId]);
  });

  test('a batch is one turn', async () => {
    const { taskId } = await aQueuedTask(db.pool, { recipients: 5 });
    const serviceId = await aService(db.pool, { intervalMs: 0, maxInFlight: 30 });
    const { claim } = await aClaim(db.pool, serviceId, 5);
    await complete(db.pool, serviceId, claim, 'accepted');
    await announce(db.pool);
    const handOvers = await one<unknown[]>(
      db.pool,
      `select jsonb_path_query_array(to_jsonb(s), '$.hand_overs[*].mails') from app_public.service_states() s where email_service_id = $1`,
      [serviceId],
    );
    assert.deepEqual(handOvers, [5]);
    await db.pool.query('select app_public.cancel_task($1)', [taskId]);
  });
});
