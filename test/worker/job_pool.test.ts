// Promise: a connection that breaks, or is not to be had, when a job ends, ends neither the process nor the job's end.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { run } from 'graphile-worker';
import type pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { createLogger } from '../../src/log.ts';
import { graphileLogger } from '../../src/worker/graphile_logger.ts';
import { jobPool } from '../../src/worker/job_pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';

const applicationName = 'postilion jobs';
let database: TestDatabase;
let jobs: pg.Pool;
let stopping: AbortController;

beforeEach(async () => {
  database = await createTestDatabase();
  jobs = createPool({ connectionString: database.url, applicationName, max: 4 });
  stopping = new AbortController();
});

afterEach(async () => {
  await jobs.end();
  await database.close();
});

/** graphile-worker with a task "last", of which one job is stored. Resolves when that has run. */
async function runLast(last: () => Promise<void>): Promise<AsyncDisposable> {
  const begun = Promise.withResolvers<void>();
  const runner = await run({
    pgPool: jobPool(jobs, stopping.signal),
    noHandleSignals: true,
    taskList: { last: () => last().finally(begun.resolve) },
    preset: {
      worker: { concurrentJobs: 1, pollInterval: 50, logger: graphileLogger(createLogger({ LOG_LEVEL: 'fatal' })) },
    },
  });
  await database.pool.query(`select graphile_worker.add_job('last')`);
  await begun.promise;
  return { [Symbol.asyncDispose]: () => runner.stop() };
}

function isEnded(): Promise<boolean> {
  return one(database.pool, 'select not exists (select from graphile_worker._private_jobs)');
}

test('broken under the statement that ends it', async () => {
  const holder = await database.pool.connect();
  await using _ = await runLast(async () => {
    await holder.query('begin; select from graphile_worker._private_jobs for update');
  });
  const breakOne = `
    select count(pg_terminate_backend(pid))::integer from pg_stat_activity
     where application_name = $1 and datname = current_database() and wait_event_type = 'Lock'`;
  await eventually(
    () => one<number>(database.pool, breakOne, [applicationName]),
    (broken) => broken === 1,
  );
  await holder.query('rollback');
  holder.release();
  await eventually(isEnded, Boolean);
});

test('not to be had when it ends', async (t) => {
  const away = () => Promise.reject(new Error('connect ENOENT'));
  await using _ = await runLast(async () => {
    t.mock.method(jobs, 'connect', away, { times: 4 });
  });
  await eventually(isEnded, Boolean);
});

test('what the server says of a statement is told as it is', async () => {
  const client = await jobPool(jobs, stopping.signal).connect();
  await assert.rejects(client.query('select 1 / 0'), { code: '22012' });
  client.release();
});

test('whoever is to end waits for no connection', async (t) => {
  t.mock.method(jobs, 'connect', () => Promise.reject(new Error('connect ENOENT')));
  const waiting = jobPool(jobs, stopping.signal).connect();
  stopping.abort();
  await assert.rejects(waiting, /ENOENT/);
});
