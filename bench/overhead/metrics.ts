// What measuring costs: two workers at full rate side by side, each in a database of its own. One has its metrics on, and they are scraped. Whatever the
// machine does meanwhile it does to both; what each mail took of the processors is compared.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { Worker } from '../../test/chaos/worker.ts';
import { eventually } from '../../test/support/eventually.ts';
import { aFreePort } from '../../test/support/free_port.ts';
import { one } from '../../test/support/scene.ts';
import { loadNoopProvider, someRatedServices } from '../queue/end_to_end.ts';
import type { Stage } from '../queue/stage.ts';
import type { Pair } from '../support/alternate.ts';
import { aBacklog, clear } from '../support/backlog.ts';
import { spentSince, workerTimes } from '../support/processor.ts';
import { say } from '../support/report.ts';
import { wakeServices } from '../support/worker.ts';

/** Of the queue's slices: as long as Prometheus lets pass between two scrapes, unless it is told otherwise. */
const sliceFactor = 7.5;
/** A process compiles what it runs often, and opens its sessions. */
const warmUpFactor = 2;
/** For reading and the like, on a busy machine. */
const scrapesSeconds = 3;
/** More than one of two workers sent in a second anywhere so far. */
const mostPerSecond = 9_000;

type Database = Pick<Stage, 'url' | 'pool'>;

/** Processor time of a mail, in seconds: of the supervisor, its runners and their sessions in the database. */
export async function metrics(stage: Stage, pairs: number): Promise<Pair[]> {
  const other = await stage.beside();
  const done: Pair[] = [];
  try {
    // The databases change places, so that neither is always the one that measures.
    for (let number = 0; number < pairs; number += 1) {
      const isOther = number % 2 === 1;
      done.push(await sideBySide(isOther ? other : stage, isOther ? stage : other, stage.seconds));
    }
  } finally {
    await other.close();
  }
  // What comes next has workers without that provider.
  await clear(stage.pool);
  return done;
}

async function sideBySide(measured: Database, plain: Database, sliceSeconds: number): Promise<Pair> {
  const rows = mostPerSecond * ((warmUpFactor + sliceFactor) * sliceSeconds + scrapesSeconds);
  const tasks = [await prepare(measured, rows), await prepare(plain, rows)] as const;
  await using opened = new AsyncDisposableStack();
  const port = await aFreePort();
  const on = start(opened, measured, { METRICS_PORT: String(port) });
  const off = start(opened, plain, {});
  await Promise.all([isThere(measured), isThere(plain)]);
  await Promise.all([begin(measured, tasks[0]), begin(plain, tasks[1])]);
  for (let scrapes = 0; scrapes < 3; scrapes += 1) {
    await sleep((1_000 / 3) * warmUpFactor * sliceSeconds);
    await read(port);
  }
  const [onSince, offSince] = [await spending(measured, on, tasks[0]), await spending(plain, off, tasks[1])];
  await sleep(500 * sliceFactor * sliceSeconds);
  if (!/^postilion_sends_total\{.*outcome="accepted".*\} [1-9]/m.test(await read(port)))
    throw new Error('nothing was measured');
  await sleep(500 * sliceFactor * sliceSeconds);
  const pair = { on: await onSince.perMail(), off: await offSince.perMail() };
  say(`with metrics ${(1e6 * pair.on).toFixed(1)} µs a mail, without ${(1e6 * pair.off).toFixed(1)}`);
  return pair;
}

/** @returns the Task. */
async function prepare({ pool }: Database, rows: number): Promise<string> {
  await clear(pool);
  await pool.query('delete from app_hidden.worker_pools');
  await someRatedServices(pool);
  // Or the worker that is there first would begin before the other.
  await pool.query('update app_public.email_services set is_enabled = false');
  return aBacklog(pool, rows);
}

async function begin({ pool }: Database, taskId: string): Promise<void> {
  await pool.query('update app_public.email_services set is_enabled = true');
  await wakeServices(pool, taskId);
}

function start(opened: AsyncDisposableStack, { url }: Database, environment: NodeJS.ProcessEnv): Worker {
  const worker = new Worker(url, { ...environment, NODE_OPTIONS: loadNoopProvider.join('=') });
  opened.defer(() => worker.stop());
  return worker;
}

function isThere({ pool }: Database): Promise<unknown> {
  return eventually(
    () => one<boolean>(pool, `select exists (select from app_hidden.worker_pools where kind = 'send')`),
    (isRegistered) => isRegistered,
  );
}

/** @returns what tells, some time later, what each mail has taken since. */
async function spending({ pool }: Database, worker: Worker, taskId: string) {
  const sentBefore = await sentOf(pool, taskId);
  const before = await workerTimes(pool, worker.pids());
  return {
    async perMail() {
      const spent = spentSince(before, await workerTimes(pool, worker.pids()));
      if (!(await isUnderWay(pool, taskId))) throw new Error('the backlog was too small: nothing was left to send');
      return spent / ((await sentOf(pool, taskId)) - sentBefore);
    },
  };
}

async function read(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

function sentOf(pool: pg.Pool, taskId: string): Promise<number> {
  return one(pool, `select count(*)::integer from app_public.sub_tasks where task_id = $1 and sent_at is not null`, [
    taskId,
  ]);
}

function isUnderWay(pool: pg.Pool, taskId: string): Promise<boolean> {
  return one(pool, `select exists (select from app_public.sub_tasks where task_id = $1 and status = 'pending')`, [
    taskId,
  ]);
}
