// What watching over the queue costs it: the crontab's handlers, the roll-up above all, run by the real worker beside the load, against the same
// worker without them. Every handler runs once in a slice of some seconds, those of each minute too: at least six times as often as in earnest, the
// others sixty times and more. The roll-up closes an hour in which as many mails were sent as in the slice, so it keeps up with the load.
import type pg from 'pg';
import { crontabFor } from '../../src/worker/task_list.ts';
import { eventually } from '../../test/support/eventually.ts';
import { one } from '../../test/support/scene.ts';
import { mailsPerSecond, someLoops } from '../queue/loops.ts';
import type { Figures, Stage } from '../queue/stage.ts';
import { aBacklog, clear } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { withWorker } from '../support/worker.ts';
import { alternate } from './alternate.ts';
import { figuresOf } from './figures.ts';

const handlers = [...new Set(crontabFor('other').map(({ task }) => task))];
const batch = 20;
const services = 8;
/** The loops end before, when nothing is left. */
const longEnoughForAll = 600;

export async function operations(stage: Stage, pairs: number): Promise<Figures> {
  const rates = await alternate(pairs, async (isOn) => {
    const rate = await slice(stage, isOn);
    say(`${isOn ? 'with' : 'without'} the crontab: ${Math.round(rate)} mails/s`);
    return rate;
  });
  return figuresOf('operations', rates, 0.05);
}

async function slice({ pool, url, quick, seconds }: Stage, isOn: boolean): Promise<number> {
  const mails = quick ? 10_000 : 100_000;
  await clear(pool);
  const loops = await someLoops(pool, services);
  await aBacklog(pool, mails);
  await mailsPerSecond(pool, loops, batch, longEnoughForAll);
  await makeItTwoHoursAgo(pool);
  await aBacklog(pool, mails);
  // Where the worker is started, its metrics are switched on as well, or not: see withWorker.
  return withWorker(url, [], async () => {
    if (isOn) await addJobs(pool, seconds);
    const rate = await mailsPerSecond(pool, loops, batch, seconds);
    if (isOn) await handled(pool);
    return rate;
  });
}

/** What was sent so far: in an hour that is over and was not rolled up. */
async function makeItTwoHoursAgo(pool: pg.Pool): Promise<void> {
  await pool.query(`update app_hidden.sub_task_changes set changed_at = changed_at - interval '2 hours'`);
  await pool.query('truncate app_public.hourly_statistics');
  await pool.query(
    `update app_hidden.roll_up_progress set rolled_until = date_trunc('hour', now(), 'UTC') - interval '2 hours', barrier = null, barrier_at = null`,
  );
  await pool.query('vacuum analyze app_hidden.sub_task_changes');
}

/** The roll-up each second: beside transactions of others it waits for them first. */
async function addJobs(pool: pg.Pool, seconds: number): Promise<void> {
  await pool.query('select graphile_worker.add_job(name) from unnest($1::text[]) as name', [handlers]);
  await pool.query(
    `select graphile_worker.add_job('roll_up', run_at => now() + n * interval '1 s') from generate_series(1, $1::integer) as n`,
    [Math.ceil(seconds)],
  );
}

/** Resolves when all of them ran and the hour is closed: what was not done costs nothing. */
async function handled(pool: pg.Pool): Promise<void> {
  await eventually(
    () =>
      one<number>(pool, 'select count(*)::integer from graphile_worker.jobs where task_identifier = any ($1)', [
        handlers,
      ]),
    (left) => left === 0,
  );
  await eventually(
    () => one<boolean>(pool, 'select exists (select from app_public.hourly_statistics where sent > 0)'),
    (isClosed) => isClosed,
  );
}
