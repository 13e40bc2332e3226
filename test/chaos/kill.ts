// Kills workers in the middle of a campaign, again and again, and compares what the provider saw with what the rows and the ledger say.

import { openBenchDatabase } from '../../bench/support/database.ts';
import { machine, type Report, say } from '../../bench/support/report.ts';
import { startSimulatorProcess } from '../../src/commands/demo/simulator_process.ts';
import type { Entry } from '../../src/simulator/entry.ts';
import { aScheduledTask, open, servicesAt, states } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf, type one } from '../support/scene.ts';
import { overlappingLeases } from './ledger.ts';
import { Worker } from './worker.ts';

const serviceCount = 8;
const intervalMs = 40;
/** Between one kill and the next the campaign goes on: every service has to send again first. */
const recoveryGoalMs = 10_000;

export async function kill({
  recipients,
  kills,
  workers,
}: {
  recipients: number;
  kills: number;
  workers: number;
}): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const database = await openBenchDatabase();
  opened.defer(() => database.close());
  const simulator = await startSimulatorProcess();
  opened.defer(() => simulator.stop());
  const names = Array.from({ length: serviceCount }, (_, number) => `service${number + 1}`);
  await simulator.client.configure({
    accounts: Object.fromEntries(names.map((name) => [name, `key of ${name}`])),
    answerDelayMs: [5, 50],
  });
  await servicesAt(database.pool, simulator.url, Object.fromEntries(names.map((name) => [name, intervalMs])));
  const group = Array.from({ length: workers }, () => new Worker(database.url));
  opened.defer(async () => {
    await Promise.all(group.map((worker) => worker.stop()));
  });

  const taskId = await aScheduledTask(database.pool, recipients);
  const seen: Entry[] = [];
  const entries = async () => {
    for await (const entry of simulator.client.record(seen.length)) seen.push(entry);
    return seen;
  };
  await eventually(entries, ({ length }) => length > 0);
  const killedAt: number[] = [];
  for (let number = 0; number < kills; number += 1) {
    const worker = group[number % workers];
    const what = (['runner', 'supervisor', 'group'] as const)[number % 3] ?? 'runner';
    if ((await open(database.pool, taskId)) < serviceCount * 4) break;
    await worker?.kill(what);
    killedAt.push(Date.now());
    const after = Date.now();
    const recovered = await eventually(
      async () => recoveredServices(await entries(), after),
      (count) => count === serviceCount,
    );
    say(`kill ${number + 1} of ${kills} (${what}): ${recovered} services send again`);
  }
  await eventually(
    () => open(database.pool, taskId),
    (rows) => rows === 0,
    600_000,
  );

  await entries();
  const { sent = 0, uncertain = 0 } = await states(database.pool, taskId);
  const summary = await simulator.client.summary(Object.fromEntries(names.map((name) => [name, intervalMs])));
  const violations = Object.values(summary.accounts).reduce((sum, account) => sum + account.violations, 0);
  const count = (value: number, goal: number) => ({ value, unit: '', goal: `${goal}`, met: value === goal });
  const slowest = Math.max(0, ...killedAt.map((at) => slowestRecoveryMs(seen, at)));
  return {
    machine: machine(database.facts),
    figures: {
      kills: { value: killedAt.length, unit: '', goal: 'reported', met: true },
      lost: count(recipients - sent - uncertain, 0),
      doubled: count(summary.duplicatesAtProvider.length, 0),
      overlappingLeases: count(await overlappingLeases(database.pool), 0),
      intervalViolations: count(violations, 0),
      statsDrift: count(await driftOf(database.pool, taskId), 0),
      uncertain: { value: uncertain, unit: '', goal: 'reported', met: true },
      uncertainNeverArrived: {
        value: await neverArrived(seen, database.pool),
        unit: '',
        goal: 'reported',
        met: true,
      },
      slowestRecoveryMs: { value: slowest, unit: 'ms', goal: `≤ ${recoveryGoalMs}`, met: slowest <= recoveryGoalMs },
    },
  };
}

/** How many services the provider has heard of since a moment of the wall clock. */
function recoveredServices(seen: Entry[], since: number): number {
  return new Set(seen.filter(({ wallAt }) => wallAt > since).map(({ account }) => account)).size;
}

/** How long after a kill the last of the services was heard of again. */
function slowestRecoveryMs(seen: Entry[], killedAt: number): number {
  const first = new Map<string | null, number>();
  for (const { account, wallAt } of seen)
    if (wallAt > killedAt && !first.has(account)) first.set(account, wallAt - killedAt);
  return Math.max(0, ...first.values());
}

async function neverArrived(seen: Entry[], pool: Parameters<typeof one>[0]): Promise<number> {
  const arrived = new Set(seen.map(({ subTaskId }) => subTaskId));
  const { rows } = await pool.query<{ id: string }>(`select id from app_public.sub_tasks where status = 'uncertain'`);
  return rows.filter(({ id }) => !arrived.has(id)).length;
}
