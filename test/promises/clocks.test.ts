// Promise: the database's clock decides; a worker whose own clock is ten minutes off sends neither early nor late and takes nothing from the others.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { crontabFor } from '../../src/worker/task_list.ts';
import { moves } from '../chaos/ledger.ts';
import { Worker } from '../chaos/worker.ts';
import { aScheduledTask, open, services, simulatorFor, states } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aDraft, driftOf, one } from '../support/scene.ts';

const tenMinutesMs = 600_000;
const dayMs = 86_400_000;

/** A worker whose wall clock is wrong by so many milliseconds, or held at a time until its processes get SIGUSR2. */
function aWorkerOff(url: string, wrong: { ms: number } | { held: number }): Worker {
  const preload = pathToFileURL(join(import.meta.dirname, 'wrong_clock.ts'));
  for (const [key, value] of Object.entries(wrong)) preload.searchParams.set(key, String(value));
  return new Worker(url, { NODE_OPTIONS: `--import ${preload}` });
}

for (const [name, ms] of [
  ['ahead', tenMinutesMs],
  ['behind', -tenMinutesMs],
] as const)
  test(`two workers, one of them ten minutes ${name}`, async () => {
    const { url, pool, close } = await createTestDatabase();
    const intervals = { quick: 40, brisk: 60, slow: 50 };
    const simulator = await simulatorFor(Object.keys(intervals), { answerDelayMs: [5, 15] });
    const workers = [aWorkerOff(url, { ms }), new Worker(url)];
    try {
      await services(pool, simulator, intervals);
      await bothKindsOf(pool, workers.length);
      const recipients = 90;
      const { taskId } = await aDraft(pool, { recipients });
      const scheduledAt = await one<Date>(
        pool,
        `select scheduled_at from app_public.schedule_task($1, app_hidden.current_time() + interval '2 s')`,
        [taskId],
      );
      await eventually(
        () => open(pool, taskId),
        (rows) => rows === 0,
      );
      assert.deepEqual(await states(pool, taskId), { sent: recipients });
      const [first] = simulator.record.entries();
      assert.ok(first !== undefined && first.wallAt >= scheduledAt.getTime(), 'a mail went out before its time');
      const { accounts, duplicatesAtProvider, outcomes } = simulator.summary(intervals);
      assert.equal(outcomes.accepted, recipients);
      assert.deepEqual(duplicatesAtProvider, []);
      for (const { violations } of Object.values(accounts)) assert.equal(violations, 0);
      assert.equal(await driftOf(pool, taskId), 0);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await simulator.close();
      await close();
    }
  });

test("the leases and processes of others are nobody's to give up because a clock says so", async () => {
  const { url, pool, close } = await createTestDatabase();
  const names = ['north', 'south', 'east'];
  // Long enough for the others to start and sweep while the mails are on their way.
  const simulator = await simulatorFor(names, { answerDelayMs: [4_500, 4_500] });
  const workers = [new Worker(url)];
  try {
    await services(pool, simulator, Object.fromEntries(names.map((name) => [name, 40])));
    const right = await bothKindsOf(pool, 1);
    const taskId = await aScheduledTask(pool, names.length);
    await simulator.record.arrived(names.length);
    workers.push(aWorkerOff(url, { ms: tenMinutesMs }), aWorkerOff(url, { ms: -tenMinutesMs }));
    const all = await bothKindsOf(pool, 3);
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    assert.deepEqual(await states(pool, taskId), { sent: names.length });
    assert.equal(simulator.record.length, names.length);
    assert.equal(await moves(pool, 'sending', 'uncertain'), 0);
    assert.equal(await moves(pool, 'allocated', 'pending'), 0);
    for (const pid of right) assert.ok(all.includes(pid), 'a live worker was given up');
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await simulator.close();
    await close();
  }
});

test('three supervisors, one of them ten minutes ahead, store each entry of the crontab once for each of its times', async () => {
  const { url, pool, close } = await createTestDatabase();
  // Most entries are due at 03:17. In the future, so that the jobs can be looked at before they run.
  const due = new Date(Date.now() + 2 * dayMs);
  due.setUTCHours(3, 17, 0, 0);
  const later = new Date(due.getTime() + tenMinutesMs);
  const shortlyBefore = (time: Date) => ({ held: time.getTime() - 2_000 });
  const workers = [due, due, later].map((time) => aWorkerOff(url, shortlyBefore(time)));
  const first = entriesDue(due);
  const expected = [...first, ...entriesDue(later)].sort();
  const stored = (count: number) =>
    eventually(
      () => cronJobs(pool),
      (jobs) => jobs.length >= count,
    );
  try {
    await bothKindsOf(pool, workers.length);
    for (const worker of workers.slice(0, 2)) releaseClocks(worker);
    assert.deepEqual(await stored(first.length), first);
    for (const worker of workers.slice(2)) releaseClocks(worker);
    assert.deepEqual(await stored(expected.length), expected);
    await pool.query('update graphile_worker._private_jobs set run_at = now()');
    await eventually(
      () => cronJobs(pool),
      (jobs) => !jobs.some((job) => expected.includes(job)),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await close();
  }
});

/** What the crontab stores at a time, as cronJobs tells it. */
function entriesDue(time: Date): string[] {
  const digest = {
    min: time.getUTCMinutes(),
    hour: time.getUTCHours(),
    date: time.getUTCDate(),
    month: time.getUTCMonth() + 1,
    dow: time.getUTCDay(),
  };
  const due = crontabFor('other').filter(({ match }) => match(digest));
  return due.map(({ task }) => `${task} ${time.toISOString()}`).sort();
}

function releaseClocks(worker: Worker): void {
  for (const pid of worker.pids()) process.kill(pid, 'SIGUSR2');
}

/** The jobs stored by the crontab, each with the time it stands for. A job that succeeds is deleted. */
async function cronJobs(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ job: string }>(
    `select t.identifier || ' ' || (j.payload -> '_cron' ->> 'ts') as job
       from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.payload -> '_cron' is not null
      order by 1`,
  );
  return rows.map(({ job }) => job);
}

/** Resolves when so many workers have both of their runners. @returns the runners' process ids. */
async function bothKindsOf(pool: pg.Pool, workers: number): Promise<number[]> {
  return eventually(
    async () =>
      (await pool.query<{ pid: number }>('select pid from app_hidden.worker_pools')).rows.map(({ pid }) => pid),
    (pids) => pids.length === 2 * workers,
  );
}
