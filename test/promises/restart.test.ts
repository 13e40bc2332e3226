// Promise: workers live through restarts of their database and broken connections, and lose and double nothing by them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aScheduledTask, open, services, simulatorFor, states, supervisorOn } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { minutesAstray } from '../support/minutes.ts';
import { driftOf } from '../support/scene.ts';
import { chaos, unmet } from './support.ts';

test('the server is restarted twice, as after a crash', async () => {
  const figures = await chaos('postgres', '--restarts', '2', '--window-seconds', '2');
  // Two seconds tell nothing of the rate: the long form does.
  assert.deepEqual(unmet(figures, 'recoveredRate'), []);
});

test('all connections of a worker are broken again and again', async () => {
  const { url, pool, close } = await createTestDatabase();
  const intervals = { north: 20, south: 35 };
  const simulator = await simulatorFor(Object.keys(intervals), { answerDelayMs: [5, 15] });
  const supervisor = supervisorOn(url);
  try {
    await services(pool, simulator, intervals);
    await supervisor.ready;
    const runners = supervisor.pids();
    const recipients = 120;
    const taskId = await aScheduledTask(pool, recipients);
    for (let arrivals = 10; arrivals < recipients; arrivals += 10) {
      await simulator.record.arrived(arrivals);
      await pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name ~ '^postilion (send|other|supervisor)$'`,
      );
    }
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    assert.deepEqual(await states(pool, taskId), { sent: recipients });
    const { accounts, duplicatesAtProvider, outcomes } = simulator.summary(intervals);
    assert.deepEqual(duplicatesAtProvider, []);
    assert.equal(outcomes.accepted, recipients);
    for (const { violations } of Object.values(accounts)) assert.equal(violations, 0);
    assert.equal(await driftOf(pool, taskId), 0);
    assert.equal(await minutesAstray(pool, taskId), 0);
    assert.deepEqual(supervisor.pids(), runners);
  } finally {
    await supervisor.stop();
    await simulator.close();
    await close();
  }
});
