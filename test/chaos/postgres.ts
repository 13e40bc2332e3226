// Restarts the database as after a crash, again and again, in the middle of a campaign, and compares the rate before and after.
import { openBenchDatabase } from '../../bench/support/database.ts';
import { type Figure, machine, type Report, say } from '../../bench/support/report.ts';
import { isAlive } from '../../src/worker/host.ts';
import { beatEveryMs, silentForMs } from '../../src/worker/keep_alive.ts';
import { eventually } from '../support/eventually.ts';
import { anOwnServer } from '../support/own_server.ts';
import { rateBetween, recoveryMs } from './arrivals.ts';
import { aStage, type Stage } from './stage.ts';
import { none, reported, verdict } from './verdict.ts';

const services = 8;
const intervalMs = 100;
const answerDelayMs: [number, number] = [5, 50];
const recoveredGoal = 0.95;
/** The rate before a restart is that of this share of the window: what a restart had cost is over by then. */
const steadyShare = 1 / 3;
/** Its last heartbeat was before the crash, its next is a while after it, and connects anew. */
const bearableMs = silentForMs - 2 * beatEveryMs - 1_000;

interface Process {
  readonly pid: number;
  readonly isRunner: boolean;
}

interface Restart {
  /** Mails per second. */
  readonly before: number;
  readonly after: number;
  /** When a statement of ours was answered again, in epoch ms. */
  readonly backAt: number;
  /** From the crash until then … */
  readonly awayMs: number;
  /** … and from then until the last service was heard of. */
  readonly recoveryMs: number;
}

/** @param windowSeconds how long the rate is measured from when the server takes connections again. */
export async function postgres({
  restarts,
  workers,
  windowSeconds,
}: {
  restarts: number;
  workers: number;
  windowSeconds: number;
}): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const server = await anOwnServer();
  const database = await openBenchDatabase(server);
  const recipients = Math.ceil((restarts + 1) * (windowSeconds + 1) * highestRate());
  const options = { services, intervalMs, workers, recipients, answerDelayMs, database };
  const stage = await aStage(opened, options);
  let watched = await processes(stage, 0);
  let exits = 0;
  await windowFrom(stage, Date.now(), windowSeconds * 1_000);
  const done: Restart[] = [];
  for (let number = 1; number <= restarts; number += 1) {
    const restart = await restartOnce(stage, () => server.crash(), windowSeconds * 1_000);
    // A runner that the database could not hear for so long has to end.
    if (restart.awayMs >= bearableMs) watched = watched.filter(({ isRunner }) => !isRunner);
    // Whoever has been heard since has lived through it; one that was just starting could not.
    const heard = await processes(stage, restart.backAt);
    exits += ended(watched);
    watched = heard;
    done.push(restart);
    say(`restart ${number} of ${restarts}: ${share(restart)}`);
  }
  await stage.finished();
  exits += ended(watched);
  return { machine: machine(stage.facts), figures: await figures(stage, recipients, done, exits) };
}

async function figures(
  stage: Stage,
  recipients: number,
  restarts: readonly Restart[],
  exits: number,
): Promise<Record<string, Figure>> {
  const recoveredRate = Math.min(...restarts.map(share));
  return {
    restarts: reported(restarts.length),
    ...(await verdict(stage, recipients)),
    workerExits: {
      ...none(exits),
      goal: `0, but for runners where the database was away for ${bearableMs / 1_000} s or more`,
    },
    recoveredRate: {
      value: recoveredRate,
      unit: '',
      goal: `≥ ${recoveredGoal} in the worst window`,
      met: recoveredRate >= recoveredGoal,
    },
    longestAwayMs: reported(Math.max(...restarts.map(({ awayMs }) => awayMs)), 'ms'),
    slowestRecoveryMs: reported(Math.max(...restarts.map((restart) => restart.recoveryMs)), 'ms'),
  };
}

async function restartOnce(stage: Stage, crash: () => Promise<void>, windowMs: number): Promise<Restart> {
  const crashedAt = Date.now();
  await crash();
  await eventually(
    () => isAnswering(stage),
    (answers) => answers,
  );
  const backAt = Date.now();
  await windowFrom(stage, backAt, windowMs);
  const seen = await stage.arrivals();
  return {
    before: rateBetween(seen, crashedAt - windowMs * steadyShare, crashedAt),
    after: rateBetween(seen, backAt, backAt + windowMs),
    backAt,
    awayMs: backAt - crashedAt,
    recoveryMs: recoveryMs(seen, backAt),
  };
}

function ended(watched: readonly Process[]): number {
  return watched.filter(({ pid }) => !isAlive(pid)).length;
}

function share({ before, after }: Pick<Restart, 'before' | 'after'>): number {
  return after / before;
}

/** Were the database and the network free: what the services could send in a second. */
function highestRate(): number {
  const [quickest] = answerDelayMs;
  return (services * 1_000) / (intervalMs + quickest);
}

function isAnswering({ pool }: Stage): Promise<boolean> {
  return pool.query('select').then(
    () => true,
    () => false,
  );
}

/** Resolves when the provider heard of a mail after the end of a window. */
async function windowFrom({ arrivals }: Stage, from: number, windowMs: number): Promise<void> {
  const isOver = async () => ((await arrivals()).at(-1)?.wallAt ?? 0) >= from + windowMs;
  await eventually(isOver, (over) => over, windowMs + 60_000);
}

/**
 * All supervisors and runners, once every supervisor has both of its runners and the database has heard of each.
 * @param since in epoch ms
 */
async function processes({ workers, pool }: Stage, since: number): Promise<Process[]> {
  async function heard(): Promise<Process[]> {
    const all = workers.flatMap((worker) => worker.pids().map((pid, number) => ({ pid, isRunner: number > 0 })));
    const runners = all.filter(({ isRunner }) => isRunner).map(({ pid }) => pid);
    const { rowCount } = await pool.query(
      'select from app_hidden.worker_pools where pid = any($1) and seen_at >= to_timestamp($2::float8 / 1000)',
      [runners, since],
    );
    return rowCount === 2 * workers.length ? all : [];
  }
  return eventually(heard, ({ length }) => length === 3 * workers.length);
}
