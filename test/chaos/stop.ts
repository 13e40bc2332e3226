// Stops processes for longer than their leases last, has the others finish what was settled, wakes the stopped ones and looks what they do.
import { type Figure, machine, type Report, say } from '../../bench/support/report.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { isAlive } from '../../src/worker/host.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { heardOf } from './arrivals.ts';
import { moves } from './ledger.ts';
import { operatorSettles } from './operator.ts';
import { childrenOf, parentOf, signal } from './processes.ts';
import { aStage, type Stage } from './stage.ts';
import { reported, verdict } from './verdict.ts';
import { callWitness, refused } from './witness.ts';

const intervalMs = 250;
/** Far above what the provider takes; the lease is this and 15 s, as short as the database allows. */
const timeoutMs = 1_000;
const settledWithinMs = 120_000;

/** A process that holds the loops of services. */
interface Victim {
  readonly poolId: string;
  readonly pid: number;
}

interface Stopped {
  readonly victims: readonly Victim[];
  readonly pids: readonly number[];
}

interface Round {
  readonly stops: number;
  readonly inFlight: number;
  /** Of the mails in doubt, those that the operator found at the provider. */
  readonly foundSent: number;
}

export async function stop({
  recipients,
  stops,
  workers,
  services,
}: {
  recipients: number;
  stops: number;
  workers: number;
  services: number;
}): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const stage = await aStage(opened, {
    services,
    intervalMs,
    workers,
    recipients,
    answerDelayMs: [5, 50],
    prepare: async (pool) => {
      await callWitness(pool);
      await pool.query(`update app_public.email_services set timeout_ms = $1, lease_ms = $1 + 15000`, [timeoutMs]);
    },
  });
  const rounds: Round[] = [];
  const done = () => sum(rounds, ({ stops }) => stops);
  while (done() < stops && (await stage.open()) > services * 4) {
    await allReady(stage);
    const stopped = await stopSome(stage, Math.min(stops - done(), Math.floor(workers / 2)), done());
    // Every other time: what the stopped processes could still tell is refused after this, and welcome without.
    rounds.push(await outlive(stage, stopped, rounds.length % 2 === 0));
    say(`${done()} of ${stops} stopped and woken`);
  }
  await stage.finished();
  return { machine: machine(stage.facts), figures: await figures(stage, recipients, rounds) };
}

async function figures(stage: Stage, recipients: number, rounds: readonly Round[]): Promise<Record<string, Figure>> {
  const { pool } = stage;
  return {
    stops: reported(sum(rounds, ({ stops }) => stops)),
    inFlightWhenStopped: reported(sum(rounds, ({ inFlight }) => inFlight)),
    ...(await verdict(stage, recipients)),
    staleRefused: reported(await refused(pool, 'complete')),
    staleBeginsRefused: reported(await refused(pool, 'begin')),
    toldLate: reported((await toldLate(pool)) - sum(rounds, ({ foundSent }) => foundSent)),
  };
}

/** Has the others go on without the stopped ones, wakes these, and waits for their end: a runner that was given up may not go on. */
async function outlive(stage: Stage, stopped: Stopped, withOperator: boolean): Promise<Round> {
  try {
    const inFlight = await inFlightOf(stage.pool, stopped);
    await settledWithout(stage, stopped);
    const foundSent = withOperator ? await operatorSettles(stage) : 0;
    return { stops: stopped.victims.length, inFlight, foundSent };
  } finally {
    wake(stopped);
    await goneAfterWaking(stopped);
  }
}

/** Mails in doubt about which somebody did know: that they were accepted, or never written. */
async function toldLate(db: Queryable): Promise<number> {
  return (await moves(db, 'uncertain', 'sent')) + (await moves(db, 'uncertain', 'pending'));
}

async function allReady({ pool, workers }: Stage): Promise<void> {
  await eventually(
    () => one<number>(pool, `select count(*)::integer from app_hidden.worker_pools where kind = 'send'`),
    (count) => count === workers.length,
  );
}

/** Those that have most to lose, a runner alone and a whole group in turn. */
async function stopSome({ pool }: Stage, count: number, before: number): Promise<Stopped> {
  const { rows: victims } = await pool.query<Victim>(
    `select p.id as "poolId", p.pid
       from app_hidden.worker_pools p left join app_public.email_services s on s.loop_pool = p.id
      where p.kind = 'send'
      group by p.id, p.pid
      order by count(s.id) desc, p.id
      limit $1`,
    [count],
  );
  const pids = victims.flatMap(({ pid }, number) => ((before + number) % 2 === 0 ? [pid] : groupOf(pid)));
  for (const pid of pids) signal(pid, 'SIGSTOP');
  return { victims, pids };
}

function groupOf(runner: number): number[] {
  const supervisor = parentOf(runner);
  return [supervisor, ...childrenOf(supervisor)];
}

function wake({ pids }: Stopped): void {
  for (const pid of pids) signal(pid, 'SIGCONT');
}

function inFlightOf(db: Queryable, { victims }: Stopped): Promise<number> {
  return one(
    db,
    `select count(*)::integer from app_public.sub_tasks where claimed_by = any ($1) and status in ('allocated', 'sending')`,
    [victims.map(({ poolId }) => poolId)],
  );
}

/** Resolves when the others have given up the stopped processes and their leases, and every service was heard of since. */
async function settledWithout({ pool, arrivals, intervals }: Stage, stopped: Stopped): Promise<void> {
  const poolIds = stopped.victims.map(({ poolId }) => poolId);
  const known = () =>
    one<number>(pool, 'select count(*)::integer from app_hidden.worker_pools where id = any ($1)', [poolIds]);
  await eventually(known, (count) => count === 0, settledWithinMs);
  await eventually(
    () => inFlightOf(pool, stopped),
    (count) => count === 0,
    settledWithinMs,
  );
  const settledAt = Date.now();
  await eventually(arrivals, (seen) => heardOf(seen, settledAt).size === Object.keys(intervals).length);
}

async function goneAfterWaking({ victims }: Stopped): Promise<void> {
  await eventually(
    async () => victims.filter(({ pid }) => isAlive(pid)).length,
    (count) => count === 0,
  );
}

function sum<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((total, one) => total + value(one), 0);
}
