// Promise: a database that crashes ends no subscription: when it is back, each is told of what changed meanwhile.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type pg from 'pg';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createPool } from '../../src/database/pool.ts';
import { type RunningServer, startServer } from '../../src/server/app.ts';
import { anEventWorld } from '../events/world.ts';
import { anEvent, softBounceLimit } from '../queue/model/words.ts';
import { taskProgress } from '../server/operations.ts';
import { secret, signInAsAdmin } from '../server/support.ts';
import { eventually } from '../support/eventually.ts';
import { anOwnServer, type OwnServer } from '../support/own_server.ts';
import { alerts, events, serviceStatus } from './operations.ts';
import { type Place, subscribe } from './subscriber.ts';
import { announce } from './support.ts';

suite('a crash of the database', () => {
  let database: OwnServer;
  let server: RunningServer;
  let pool: pg.Pool;
  let place: Place;
  before(async () => {
    database = await anOwnServer();
    await migrate({ url: database.url });
    pool = createPool({ connectionString: database.url, applicationName: 'postilion test' });
    const config = loadConfig({ NODE_ENV: 'test' });
    server = await startServer({ config, url: database.url, secret, log: pino({ level: 'silent' }), port: 0 });
    const session = await signInAsAdmin(server.url, pool);
    place = { server, authorization: async () => session };
  });
  after(async () => {
    await server.close();
    await pool.end();
    await database.stop();
  });
  const isBack = () =>
    eventually(
      () =>
        pool.query('select 1').then(
          () => true,
          () => false,
        ),
      (back) => back,
    );

  test('every subscription lives on', async () => {
    const { workspaceId, serviceId, taskIds, mails } = await anEventWorld(pool);
    const [taskId] = taskIds;
    await announce(pool);
    await using progress = subscribe(place, taskProgress, { taskId });
    await using status = subscribe(place, serviceStatus);
    await using told = subscribe(place, events, { workspaceId });
    await using open = subscribe(place, alerts);
    const followed = [
      [progress, 'taskProgress'],
      [status, 'serviceStatus'],
      [told, 'events'],
      [open, 'alerts'],
    ] as const;
    const sequences = () => Promise.all(followed.map(([heard, field]) => heard.next(`data.${field}.sequence`)));
    const known = await sequences();

    await database.crash();
    await isBack();
    await applyEvents(pool, [anEvent(mails[0]?.id ?? '', 'delivered')], softBounceLimit);
    await pool.query('update app_public.email_services set is_enabled = false where id = $1', [serviceId]);
    await pool.query(`select app_private.raise_alert('a_rule', 'one', 'warning', 'Something happened.')`);
    await announce(pool);
    assert.deepEqual(
      await sequences(),
      known.map((sequence) => Number(sequence) + 1),
    );
  });
});
