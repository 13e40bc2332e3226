// Promise: a worker killed at any moment loses nothing and doubles nothing, and what it did goes on without it.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import {
  aScheduledTask,
  open,
  services,
  simulatorFor,
  states,
  supervisorOn,
  workerEnvironment,
} from '../support/campaign.ts';
import { createTestDatabase, withTransaction } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf, one } from '../support/scene.ts';

test('killed in stage 1, generation goes on where it was, without doubles', async () => {
  const { url, pool, close } = await createTestDatabase();
  const recipients = 10_000;
  const supervisor = supervisorOn(url);
  try {
    await supervisor.ready;
    const taskId = await aScheduledTask(pool, recipients);
    const count = () =>
      one<number>(pool, 'select count(*)::integer from app_public.sub_tasks where task_id = $1', [taskId]);
    for (const share of [0.1, 0.5]) {
      await eventually(count, (rows) => rows >= recipients * share);
      const [, other] = supervisor.pids();
      assert.ok(other !== undefined);
      process.kill(other, 'SIGKILL');
    }
    await eventually(
      () => one<string>(pool, 'select status from app_public.tasks where id = $1', [taskId]),
      (status) => status !== 'generating' && status !== 'scheduled',
    );
    assert.equal(await count(), recipients);
    assert.equal(
      await one(pool, 'select count(distinct contact_id)::integer from app_public.sub_task_mails where task_id = $1', [
        taskId,
      ]),
      recipients,
    );
    assert.equal(await driftOf(pool, taskId), 0);
  } finally {
    await supervisor.stop();
    await close();
  }
});

test('a job that was given to a worker which never heard of it is begun all the same', async () => {
  const { url, pool, close } = await createTestDatabase();
  const supervisor = supervisorOn(url);
  try {
    await supervisor.ready;
    const taskId = await withTransaction(pool, async (db) => {
      const id = await aScheduledTask(db, 10);
      await db.query(
        `update graphile_worker._private_jobs set locked_at = now() - interval '20 s',
                locked_by = (select id from app_hidden.worker_pools where kind = 'other') where key like 'generate%'`,
      );
      await db.query('commit');
      return id;
    });
    await eventually(
      () => states(pool, taskId),
      ({ pending }) => pending === 10,
    );
    assert.equal(
      await one(pool, `select how_many::integer from app_hidden.repairs where what = 'unlock_lost_jobs'`),
      1,
    );
  } finally {
    await supervisor.stop();
    await close();
  }
});

test('killed in stage 2, the others go on at once; what was at the provider is uncertain, the rest is sent, each once', async () => {
  const { url, pool, close } = await createTestDatabase();
  const simulator = await simulatorFor(['north', 'south'], { answerDelayMs: [10, 20] });
  const supervisor = supervisorOn(url);
  try {
    await services(pool, simulator, { north: 30, south: 50 });
    await supervisor.ready;
    const taskId = await aScheduledTask(pool, 60);
    for (const arrivals of [5, 20]) {
      await simulator.record.arrived(arrivals);
      const [send] = supervisor.pids();
      assert.ok(send !== undefined);
      process.kill(send, 'SIGKILL');
    }
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    const { sent = 0, uncertain = 0 } = await states(pool, taskId);
    assert.equal(sent + uncertain, 60);
    assert.ok(uncertain <= 4, `${uncertain} uncertain after two kills of two services`);
    const { accounts, duplicatesAtProvider } = simulator.summary({ north: 30, south: 50 });
    assert.deepEqual(duplicatesAtProvider, []);
    assert.deepEqual(
      Object.values(accounts).map(({ violations }) => violations),
      [0, 0],
    );
    assert.equal(await driftOf(pool, taskId), 0);
  } finally {
    await supervisor.stop();
    await simulator.close();
    await close();
  }
});

test('a supervisor killed with its runners is followed by the next start', async () => {
  const { url, pool, close } = await createTestDatabase();
  const simulator = await simulatorFor(['north'], { answerDelayMs: [5, 10] });
  const start = () =>
    fork(join(projectDir, 'src/cli.ts'), ['work'], {
      env: childEnvironment({ ...workerEnvironment, DATABASE_URL: url }),
      execArgv: [],
      stdio: 'ignore',
    });
  const first = start();
  try {
    await services(pool, simulator, { north: 20 });
    const taskId = await aScheduledTask(pool, 40);
    await simulator.record.arrived(5);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = start();
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    second.kill('SIGTERM');
    const [code] = await once(second, 'exit');
    assert.equal(code, 0);
    const { sent = 0, uncertain = 0 } = await states(pool, taskId);
    assert.equal(sent + uncertain, 40);
    assert.deepEqual(simulator.summary().duplicatesAtProvider, []);
    assert.equal(await one(pool, 'select count(*)::integer from app_hidden.worker_pools'), 0);
  } finally {
    first.kill('SIGKILL');
    await simulator.close();
    await close();
  }
});
