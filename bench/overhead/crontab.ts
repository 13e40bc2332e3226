// What the crontab's handlers cost the queue, run by the real worker beside a load that keeps all processors busy, against the same worker without them.
import type pg from 'pg';
import { crontabFor } from '../../src/worker/task_list.ts';
import { childrenOf } from '../../test/chaos/processes.ts';
import { eventually } from '../../test/support/eventually.ts';
import { one } from '../../test/support/scene.ts';
import type { Stage } from '../queue/stage.ts';
import { alternate, type Pair } from '../support/alternate.ts';
import { shareOf, spentSince, workerTimes } from '../support/processor.ts';
import { say } from '../support/report.ts';
import { withWorker } from '../support/worker.ts';
import { Load } from './load.ts';

/** Of the queue's slices: every handler has to have its turn in one. */
const sliceFactor = 3;
const minutesADay = 1_440;

/** Handlers that run together in a slice, and how often one does in earnest. */
interface Shift {
  readonly handlers: readonly string[];
  readonly everyMinutes: number;
}

/** What a slice came to. */
export interface Slice {
  /** Mails a second. */
  readonly rate: number;
  /** Of the machine's processor time, the worker's share, its sessions in the database included. */
  readonly share: number;
}

export interface ShiftPairs {
  readonly pairs: readonly Pair<Slice>[];
  /** How many times as often as in earnest they ran. */
  readonly timesTooOften: number;
}

/** The roll-up closes an hour in which as many mails were sent as in a slice, once a slice: what it does for each mail, for each mail. */
export function rollUp(stage: Stage, pairs: number): Promise<Pair<Slice>[]> {
  const { pool } = stage;
  return besideWorker(stage, pairs, 'the roll-up', {
    before: () => makeItTwoHoursAgo(pool),
    // Again after a while: beside transactions of others it waits for them first.
    start: (seconds) =>
      pool.query(
        `select graphile_worker.add_job('roll_up', run_at => now() + n * $1 * interval '1 s') from unnest(array[0.1, 0.4, 0.7]) as n`,
        [seconds],
      ),
    finished: () => hourIsClosed(pool),
  });
}

/** All others, once in each slice: those of each minute by themselves, since the rest come so much more seldom. */
export async function crontab(stage: Stage, pairs: number): Promise<ShiftPairs[]> {
  const shifts = shiftsOf(new Date());
  const done: ShiftPairs[] = [];
  for (const { handlers, everyMinutes } of shifts) {
    const name = `handlers that run every ${everyMinutes === 1 ? 'minute' : `${everyMinutes} minutes, or more seldom`}`;
    const measured = await besideWorker(stage, pairs, name, {
      before: async () => {},
      start: () => stage.pool.query('select graphile_worker.add_job(name) from unnest($1::text[]) as name', [handlers]),
      finished: () => noneLeft(stage.pool, handlers),
    });
    done.push({ pairs: measured, timesTooOften: (everyMinutes * 60) / (sliceFactor * stage.seconds) });
  }
  return done;
}

interface Beside {
  before(): Promise<unknown>;
  start(seconds: number): Promise<unknown>;
  /** Resolves when it was done: what was not done would cost nothing. */
  finished(): Promise<unknown>;
}

function besideWorker(
  { url, pool, ...stage }: Stage,
  pairs: number,
  name: string,
  beside: Beside,
): Promise<Pair<Slice>[]> {
  const seconds = sliceFactor * stage.seconds;
  const load = new Load({ pool }, seconds);
  return withWorker(url, [], async () => {
    // A slice that is not counted: what a worker spends on its start would stand beside what it spends at work.
    await load.slice();
    return alternate(pairs, async (isOn) => {
      await load.ensure();
      await beside.before();
      const before = await workerTimes(pool, childrenOf(process.pid));
      if (isOn) await beside.start(seconds);
      const rate = await load.slice();
      if (isOn) await beside.finished();
      // Of the slice alone, also where it was finished after it: then nothing else was held up.
      const share = shareOf(spentSince(before, await workerTimes(pool, childrenOf(process.pid))), seconds);
      say(
        `${isOn ? 'with' : 'without'} ${name}: ${Math.round(rate)} mails/s, the worker ${(100 * share).toFixed(1)} %`,
      );
      return { rate, share };
    });
  });
}

function shiftsOf(day: Date): Shift[] {
  const others = crontabFor('other').filter(({ task }) => task !== 'roll_up');
  const periods = others.map((item) => ({ task: item.task, everyMinutes: minutesADay / timesA(day, item) }));
  const shift = (wanted: typeof periods): Shift => ({
    handlers: [...new Set(wanted.map(({ task }) => task))],
    everyMinutes: Math.min(...wanted.map(({ everyMinutes }) => everyMinutes)),
  });
  return [
    shift(periods.filter(({ everyMinutes }) => everyMinutes === 1)),
    shift(periods.filter(({ everyMinutes }) => everyMinutes > 1)),
  ];
}

/** How often an entry of the crontab is due on a day. */
function timesA(day: Date, { match }: ReturnType<typeof crontabFor>[number]): number {
  const [month, date, dow] = [day.getUTCMonth() + 1, day.getUTCDate(), day.getUTCDay()];
  const minutes = Array.from({ length: minutesADay }, (_, n) => ({
    min: n % 60,
    hour: Math.floor(n / 60),
    date,
    month,
    dow,
  }));
  return minutes.filter((minute) => match(minute)).length;
}

/** What was sent so far: in an hour that is over and was not rolled up. What was rolled up, or is older than a slice, is forgotten. */
async function makeItTwoHoursAgo(pool: pg.Pool): Promise<void> {
  await pool.query(`delete from app_hidden.sub_task_changes where changed_at < now() - interval '1 hour'`);
  await pool.query(`update app_hidden.sub_task_changes set changed_at = changed_at - interval '2 hours'`);
  await pool.query('truncate app_public.hourly_statistics, app_hidden.hourly_domain_statistics');
  await pool.query(
    `update app_hidden.roll_up_progress
        set rolled_until = (select date_trunc('hour', min(changed_at), 'UTC') from app_hidden.sub_task_changes), barrier = null, barrier_at = null`,
  );
  await pool.query('vacuum analyze app_hidden.sub_task_changes');
}

function noneLeft(pool: pg.Pool, handlers: readonly string[]): Promise<unknown> {
  return eventually(
    () =>
      one<number>(pool, 'select count(*)::integer from graphile_worker.jobs where task_identifier = any ($1)', [
        handlers,
      ]),
    (left) => left === 0,
  );
}

function hourIsClosed(pool: pg.Pool): Promise<unknown> {
  return eventually(
    async () => {
      await pool.query(`select graphile_worker.add_job('roll_up', job_key => 'bench roll_up')`);
      return one<boolean>(pool, 'select exists (select from app_public.hourly_statistics where sent > 0)');
    },
    (isClosed) => isClosed,
  );
}
