// Plants the faults that a queue may have into a system of real processes that is at work, one after the other: each must be found and explained by the
// commands, mended by itself within the time that docs/operations.md promises, and entered into the audit trail. Each is planted twice. The
// first time the workers are held still while health and diagnose look, or they would have mended it before; the second time it is timed.
import type pg from 'pg';
import { type BenchDatabase, openBenchDatabase } from '../../bench/support/database.ts';
import { type Figure, machine, say } from '../../bench/support/report.ts';
import { aScheduledTask } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { ageDeadWorker, deadWorker } from './faults/dead_worker.ts';
import { hold } from './faults/hold.ts';
import { broken, health } from './faults/look.ts';
import { faults as common, type Fault, type Scar, type Scene } from './faults/planted.ts';
import { type Promised, promises, turnMs } from './faults/promised.ts';
import type { Told } from './faults/told.ts';
import { aStage, type Stage } from './stage.ts';
import { verdict } from './verdict.ts';
import type { Worker } from './worker.ts';

const intervalMs = 1_000;
/** A turn of the crontab as long as this is waited for; of a longer one the job is added as the crontab adds it. */
const longestWaitMs = 60_000;
const brokenAfterMs = 240_000;

export const faultNames: readonly string[] = ['dead_worker', ...Object.keys(common)];

export interface FaultsReport {
  readonly machine: Readonly<Record<string, string | number>>;
  /** Of `health` before the first fault. */
  readonly healthyExit: number;
  readonly faults: Readonly<Record<string, Told>>;
  readonly figures: Readonly<Record<string, Figure>>;
}

interface Run {
  readonly url: string;
  readonly stage: Stage;
  readonly scene: Scene;
  readonly alive: readonly Worker[];
}

/** @param only some of the faults */
export async function faults({ only }: { only: readonly string[] }): Promise<FaultsReport> {
  await using opened = new AsyncDisposableStack();
  const database = await openBenchDatabase();
  const { stage, scene } = await aCampaign(opened, database, sizeFor(only));
  const run: Run = { url: database.url, stage, scene, alive: stage.workers };
  const healthyExit = (await health(run.url, 30)).exitCode;
  say(`healthy: exit code ${healthyExit}`);
  const all = { dead_worker: deadWorker(stage.workers), ...common };
  const told: Record<string, Told> = {};
  for (const [name, fault] of Object.entries(all)) if (only.includes(name)) told[name] = await tried(run, name, fault);
  return { machine: machine(database.facts), healthyExit, faults: told, figures: await ended(stage) };
}

/** A campaign that lasts as long as services are needed at work. */
function sizeFor(only: readonly string[]): { workers: number; recipients: number } {
  const withServices = only.filter((name) => ['dead_worker', 'idle_service', 'frozen_service'].includes(name));
  return {
    workers: only.includes('dead_worker') ? 3 : 1,
    recipients: withServices.length > 0 ? 140 * only.length : 10,
  };
}

async function aCampaign(
  opened: AsyncDisposableStack,
  database: BenchDatabase,
  { workers, recipients }: { workers: number; recipients: number },
): Promise<{ stage: Stage; scene: Scene }> {
  const services: Record<string, string> = {};
  const prepare = async (_pool: pg.Pool, made: { services: Record<string, string> }) => {
    Object.assign(services, made.services);
  };
  const options = { services: 3, intervalMs, workers, recipients, answerDelayMs: [200, 500] as [number, number] };
  const stage = await aStage(opened, { ...options, database, prepare });
  const overId = await aScheduledTask(stage.pool, 3);
  await stage.pool.query(`update app_public.tasks set name = 'a campaign that is over' where id = $1`, [overId]);
  await eventually(
    () => one<string>(stage.pool, 'select status from app_public.tasks where id = $1', [overId]),
    (status) => status === 'completed',
  );
  return { stage, scene: { taskId: stage.taskId, overId, services } };
}

async function tried(run: Run, name: string, fault: Fault): Promise<Told> {
  const promised = promises()[name];
  if (promised === undefined) throw new Error(`docs/operations.md promises nothing of ${name}`);
  say(`${name}: ${promised.fault}`);
  const seen = await looked(run, name, fault, promised);
  say(`  health: exit code ${seen.healthExit}. ${seen.text}`);
  const timed = await mended(run, fault, promised, await planted(run, fault));
  say(`  mended within ${Math.round(timed.measuredMs)} ms, by the ${promised.by}`);
  const { text: _, audited, ...rest } = seen;
  return {
    ...rest,
    repairedAfterMs: timed.measuredMs + timed.notWaitedForMs,
    measuredMs: timed.measuredMs,
    notWaitedForMs: timed.notWaitedForMs,
    limitMs: promised.withinMs,
    audited: audited && timed.audited,
  };
}

interface Planted {
  readonly scar: Scar;
  readonly at: number;
  /** The last line of the audit trail before it. */
  readonly lastRepair: string;
}

/** @param atOnce called when all is done and nothing of it is visible yet */
async function planted({ stage, scene }: Run, fault: Fault, atOnce: () => void = () => {}): Promise<Planted> {
  const done = await eventually(
    () => plantedNow(stage.pool, scene, fault, atOnce),
    (last) => last !== null,
  );
  if (done === null) throw new Error('it was not planted');
  return done;
}

async function plantedNow(pool: pg.Pool, scene: Scene, fault: Fault, atOnce: () => void): Promise<Planted | null> {
  const lastRepair = await one<string>(pool, 'select coalesce(max(id), 0) from app_hidden.repairs');
  const client = await pool.connect();
  try {
    await client.query('begin');
    const scar = await fault.plant(client, scene);
    if (scar !== null) atOnce();
    await client.query(scar === null ? 'rollback' : 'commit');
    return scar && { scar, at: performance.now(), lastRepair };
  } finally {
    client.release();
  }
}

/** The first time: what the commands say of it. Then it is mended, too. */
async function looked(run: Run, name: string, fault: Fault, promised: Promised) {
  const before: { held?: Disposable } = {};
  const done = await planted(run, fault, () => {
    before.held = hold(run.alive);
  });
  using _held = before.held;
  if (name === 'dead_worker') await ageDeadWorker(run.stage.pool);
  const seen = await commandsSay(run, name, fault, promised, done.scar);
  before.held?.[Symbol.dispose]();
  const { audited } = await mended(run, fault, promised, done);
  return { ...seen, audited };
}

async function commandsSay({ url, scene }: Run, name: string, fault: Fault, promised: Promised, scar: Scar) {
  const [{ exitCode, checks }, faults] = await Promise.all([
    health(url, 0),
    broken(url, name === 'complete_task' ? scene.overId : scene.taskId),
  ]);
  const line = checks.find((check) => check.name === promised.check && check.state === promised.state);
  const part = faults.find(({ what }) => what === fault.what);
  const text = [line?.says, line?.remedy, part?.says, part?.remedy].filter(Boolean).join(' ');
  const foundBy = [...(line ? [`health ${line.name}`] : []), ...(part ? [`diagnose ${part.what}`] : [])];
  const isFound = line !== undefined && exitCode === promised.exitCode && (fault.what === null || part !== undefined);
  return {
    found: isFound,
    foundBy,
    healthExit: exitCode,
    explained: scar.names.test(text) && line?.remedy !== '',
    text,
  };
}

/** Resolves when it is, and says so in the audit trail. */
async function mended({ stage: { pool } }: Run, fault: Fault, { by }: Promised, { scar, at, lastRepair }: Planted) {
  const turn = turnMs(by);
  const isSkipped = turn > longestWaitMs;
  if (isSkipped) await pool.query('select graphile_worker.add_job($1)', [by]);
  await eventually(
    () => scar.isMended(pool),
    (is) => is,
    brokenAfterMs,
  );
  const measuredMs = performance.now() - at;
  const lines = await one<number>(
    pool,
    `select count(*)::integer from app_hidden.repairs where id > $1 and what = any ($2) and why <> ''`,
    [lastRepair, fault.audit],
  );
  return { measuredMs, notWaitedForMs: isSkipped ? turn : 0, audited: lines > 0 };
}

/** Whatever was broken meanwhile: the campaign is sent to its end without its pace, and nothing is lost or doubled. */
async function ended(stage: Stage): Promise<Record<string, Figure>> {
  await stage.pool.query('update app_public.email_services set interval_ms = 0');
  await stage.finished();
  const recipients = await one<number>(stage.pool, 'select count(*)::integer from app_public.sub_tasks');
  const { intervalViolations: _, ...figures } = await verdict(stage, recipients);
  return figures;
}
