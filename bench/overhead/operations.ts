// What watching over the queue costs it: the crontab's handlers, the roll-up among them, run by the real worker beside the load, against the same
// worker without them. Every handler runs once in a slice of some seconds, those of each minute too: at least ten times as often as in earnest, the
// others a hundred times and more. The roll-up closes an hour in which as many mails were sent as in a slice, so it keeps up with the load.
import type pg from 'pg';
import { crontabFor } from '../../src/worker/task_list.ts';
import { eventually } from '../../test/support/eventually.ts';
import { one } from '../../test/support/scene.ts';
import type { Figures, Stage } from '../queue/stage.ts';
import { say } from '../support/report.ts';
import { withWorker } from '../support/worker.ts';
import { alternate } from './alternate.ts';
import { figuresOf } from './figures.ts';
import { Load } from './load.ts';

const handlers = [...new Set(crontabFor('other').map(({ task }) => task))];
/** Of the queue's slices: every handler has to have its turn in one. */
const sliceFactor = 3;

export function operations(stage: Stage, pairs: number): Promise<Figures> {
  const { pool, url } = stage;
  const seconds = sliceFactor * stage.seconds;
  const load = new Load(stage, seconds);
  return withWorker(url, [], async () => {
    const rates = await alternate(pairs, async (isOn) => {
      await load.ensure();
      await makeItTwoHoursAgo(pool);
      if (isOn) await addJobs(pool, seconds);
      const rate = await load.slice();
      if (isOn) await handled(pool);
      say(`${isOn ? 'with' : 'without'} the crontab: ${Math.round(rate)} mails/s`);
      return rate;
    });
    return figuresOf('operations', rates, 0.05);
  });
}

/** What was sent so far: in an hour that is over and was not rolled up. What was rolled up, or is older than a slice, is forgotten. */
async function makeItTwoHoursAgo(pool: pg.Pool): Promise<void> {
  await pool.query(`delete from app_hidden.sub_task_changes where changed_at < now() - interval '1 hour'`);
  await pool.query(`update app_hidden.sub_task_changes set changed_at = changed_at - interval '2 hours'`);
  await pool.query('truncate app_public.hourly_statistics');
  await pool.query(
    `update app_hidden.roll_up_progress set rolled_until = date_trunc('hour', now(), 'UTC') - interval '3 hours', barrier = null, barrier_at = null`,
  );
  await pool.query('vacuum analyze app_hidden.sub_task_changes');
}

/** The roll-up each second: beside transactions of others it waits for them first. */
async function addJobs(pool: pg.Pool, seconds: number): Promise<void> {
  await pool.query('select graphile_worker.add_job(name) from unnest($1::text[]) as name', [handlers]);
  await pool.query(
    `select graphile_worker.add_job('roll_up', run_at => now() + n * interval '0.5 s') from generate_series(1, $1::integer) as n`,
    [Math.ceil(2 * seconds)],
  );
}

/** Resolves when all of them ran: what was not done would cost nothing. @throws Error when no hour was closed. */
async function handled(pool: pg.Pool): Promise<void> {
  await eventually(
    () =>
      one<number>(pool, 'select count(*)::integer from graphile_worker.jobs where task_identifier = any ($1)', [
        handlers,
      ]),
    (left) => left === 0,
  );
  await eventually(
    async () => {
      await pool.query(`select graphile_worker.add_job('roll_up', job_key => 'bench roll_up')`);
      return one<boolean>(pool, 'select exists (select from app_public.hourly_statistics where sent > 0)');
    },
    (isClosed) => isClosed,
  );
}
