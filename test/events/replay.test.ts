// Promise: any part of the inbox can be played again, nothing that is right changes, and what could not be read or found before gets another chance.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { silent } from '../../src/commands/events/progress.ts';
import { replayInbox } from '../../src/commands/events/replay.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { recordEvents } from '../../src/server/webhooks/record_events.ts';
import { applyBatch } from '../../src/tasks/inbox/apply_batch.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { one, statusOf } from '../support/scene.ts';
import { anEventWorld, type EventWorld, versionsOf } from './world.ts';

const since = '2000-01-01T00:00:00Z';
const config = loadConfig({ NODE_ENV: 'test' });
const log = createLogger({ LOG_LEVEL: 'silent' });
const stopping = new AbortController().signal;

let database: TestDatabase;
let world: EventWorld;
before(async () => {
  database = await createTestDatabase();
  world = await anEventWorld(database.pool, { contacts: 3 });
});
beforeEach(() => database.pool.query('truncate app_public.event_logs'));
after(() => database.close());

const record = (...bodies: (object | string)[]) =>
  recordEvents(
    database.pool,
    bodies.map((body) => ({
      provider: 'engagelab',
      path: '/',
      headers: {},
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    })),
  );
const empty = async () => {
  while ((await applyBatch({ db: database.pool, config, log, stopping }, 100)) > 0);
};
const replay = (where: 'all' | 'failed' | 'unresolved', more: { until?: string; source?: string } = {}) =>
  replayInbox({ config, log, url: database.url, stopping }, { since, where, ...more }, silent);
const event = (name: string, id: string | undefined) => ({ event: name, custom_args: { subtask_id: id } });

test('a replay of what is right writes nothing', async () => {
  const ids = world.mails.map(({ id }) => id);
  await record(
    event('delivered', ids[0]),
    event('click', ids[0]),
    event('bounce', ids[1]),
    event('unsubscribe', ids[2]),
  );
  await empty();
  assert.equal(await statusOf(database.pool, ids[0] ?? ''), 'clicked');
  const versions = await versionsOf(database.pool);
  assert.deepEqual(await replay('all'), { replayed: 4, left: 0 });
  assert.equal(await versionsOf(database.pool), versions);
});

test('what could not be read is parked with its error, and played again when it is asked for', async () => {
  await record('not JSON', event('open', world.mails[0]?.id));
  await empty();
  const parked = () =>
    one<string>(
      database.pool,
      'select error from app_public.event_logs where error is not null and processed_at is not null',
    );
  assert.equal(await parked(), 'the body is not JSON');
  assert.deepEqual(await replay('failed'), { replayed: 1, left: 0 });
  assert.equal(await parked(), 'the body is not JSON');
});

test('an event whose mail is known by now counts when it is replayed', async () => {
  const mail = world.mails[0];
  await record({ event: 'open', message_id: 'known later' }, event('open', mail?.id));
  // As if it had waited for as long as it may.
  await database.pool.query(`update app_public.event_logs set attempts = 9`);
  await empty();
  const opens = () =>
    one<number>(database.pool, 'select open_count from app_public.sub_tasks where id = $1', [mail?.id]);
  const before = await opens();
  await database.pool.query(`update app_public.sub_tasks set message_id = 'known later' where id = $1`, [mail?.id]);
  assert.deepEqual(await replay('unresolved'), { replayed: 1, left: 0 });
  assert.equal(await opens(), before + 1);
  assert.deepEqual(await replay('unresolved'), { replayed: 0, left: 0 });
});

test('only what is asked for: a time, a source', async () => {
  await record(event('open', world.mails[0]?.id), event('open', world.mails[1]?.id));
  await empty();
  assert.deepEqual(await replay('all', { until: since }), { replayed: 0, left: 0 });
  assert.deepEqual(await replay('all', { source: 'tracking' }), { replayed: 0, left: 0 });
  assert.deepEqual(await replay('all', { source: 'engagelab' }), { replayed: 2, left: 0 });
});
