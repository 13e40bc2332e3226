// Promise: a mail that the provider took without saying so is found in its record and counted as sent, and nobody gets it twice.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { lookUpAll, type Wait } from '../../src/cron/look_up_uncertain.ts';
import { releasePool } from '../../src/database/pools/release_pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { seal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { createLogger } from '../../src/log.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SenderCache } from '../../src/worker/sender_cache.ts';
import { portOf } from '../simulator/support.ts';
import { aScheduledTask, open, services, simulatorFor, states, supervisorOn, testSecret } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aClaim, aQueuedTask, aService, driftOf, one } from '../support/scene.ts';

/** Sends a Task's mails to the end, some of them into doubt. @returns its id. */
async function campaign({ url, pool }: TestDatabase, simulator: Simulator, names: string[], recipients: number) {
  const supervisor = supervisorOn(url);
  try {
    await services(pool, simulator, Object.fromEntries(names.map((name) => [name, 20])));
    await supervisor.ready;
    const taskId = await aScheduledTask(pool, recipients);
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    return taskId;
  } finally {
    await supervisor.stop();
  }
}

async function lookUp({ pool }: Pick<TestDatabase, 'pool'>, wait: Wait = async () => {}): Promise<void> {
  const senders = new SenderCache(await loadSecret({ POSTILION_SECRET: testSecret }, ''));
  const log = createLogger({ LOG_LEVEL: 'silent' });
  await lookUpAll({ db: pool, senders, log, stopping: new AbortController().signal }, wait);
  await senders.close();
}

test('taken and never answered: uncertain, looked up, sent; nothing doubled', async () => {
  const database = await createTestDatabase();
  const { pool } = database;
  const simulator = await simulatorFor(['north', 'south'], {
    faults: {
      next: [
        { kind: 'accept_reset', count: 3 },
        { kind: 'reset', count: 2 },
      ],
    },
  });
  try {
    const taskId = await campaign(database, simulator, ['north', 'south'], 20);
    assert.deepEqual(await states(pool, taskId), { sent: 15, uncertain: 5 });
    const waits: number[] = [];
    await lookUp(database, async (ms) => waits.push(ms));
    assert.deepEqual(await states(pool, taskId), { sent: 18, uncertain: 2 });
    assert.deepEqual(new Set(waits), new Set([1_000]));
    assert.deepEqual(simulator.summary().duplicatesAtProvider, []);
    const unknown = [...simulator.record.entries()]
      .filter(({ fault }) => fault === 'reset')
      .map(({ subTaskId }) => subTaskId);
    const left = await pool.query<{ id: string }>(`select id from app_public.sub_tasks where status = 'uncertain'`);
    assert.deepEqual(left.rows.map(({ id }) => id).sort(), unknown.sort());
    assert.equal(await driftOf(pool, taskId), 0);
  } finally {
    await simulator.close();
    await database.close();
  }
});

test('two services of one account are looked up together', async () => {
  await using opened = new AsyncDisposableStack();
  const { pool, close } = await createTestDatabase();
  opened.defer(close);
  const asked: string[] = [];
  const provider = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify({ result: [], total: '0' }));
  });
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  opened.defer(() => {
    provider.closeAllConnections();
    provider.close();
  });
  const { encryption } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  for (const id of [randomUUID(), randomUUID()]) {
    const sealed = seal(encryption, id, { apiUser: 'shared', apiKey: 'key of shared' });
    await aService(pool, { id, sealed, intervalMs: 0, baseUrl: `http://127.0.0.1:${portOf(provider)}` });
    await aQueuedTask(pool, { recipients: 1 });
    const { claim } = await aClaim(pool, id);
    await beginSends(pool, claim.claimToken, claim.subTaskIds);
    await releasePool(pool, 'pool-test', true);
  }
  await lookUp({ pool });
  assert.ok(asked.length > 0);
  assert.deepEqual(asked, [...new Set(asked)]);
});

test('a provider that does not answer the question leaves all as it is, and keeps no other from being asked', async () => {
  const database = await createTestDatabase();
  const { pool } = database;
  const north = await simulatorFor(['north'], {
    faults: { next: [{ kind: 'accept_reset', count: 1 }] },
    statusCallsPerMinute: 0,
  });
  const south = await simulatorFor(['south'], { faults: { next: [{ kind: 'accept_reset', count: 1 }] } });
  try {
    const first = await campaign(database, north, ['north'], 1);
    await pool.query('update app_public.email_services set is_enabled = false');
    const second = await campaign(database, south, ['south'], 1);
    await pool.query('update app_public.email_services set is_enabled = true');
    await lookUp(database);
    assert.deepEqual(await states(pool, first), { uncertain: 1 });
    assert.deepEqual(await states(pool, second), { sent: 1 });
    assert.equal(await one(pool, 'select count(*)::integer from app_hidden.look_ups'), 2);
  } finally {
    await north.close();
    await south.close();
    await database.close();
  }
});
