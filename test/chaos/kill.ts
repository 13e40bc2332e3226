// Kills workers in the middle of a campaign, again and again, and compares what the provider saw with what the rows and the ledger say.
import { type Figure, machine, type Report, say } from '../../bench/support/report.ts';
import type { Entry } from '../../src/simulator/entry.ts';
import { open, states } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf } from '../support/scene.ts';
import { overlappingLeases } from './ledger.ts';
import { aStage, type Stage } from './stage.ts';

const services = 8;
const recoveryGoalMs = 10_000;
const victims = ['runner', 'supervisor', 'group'] as const;

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
  const stage = await aStage(opened, { services, intervalMs: 40, workers, recipients, answerDelayMs: [5, 50] });
  const killedAt: number[] = [];
  // Near its end a campaign has not enough mails left for every service to be heard of again.
  while (killedAt.length < kills && (await open(stage.pool, stage.taskId)) > services * 4)
    killedAt.push(await killOne(stage, killedAt.length, kills));
  await eventually(
    () => open(stage.pool, stage.taskId),
    (rows) => rows === 0,
    600_000,
  );
  return { machine: machine(stage.facts), figures: await figures(stage, recipients, killedAt) };
}

/** One victim after the other; resolves when every service was heard of again. @returns when, on the wall clock. */
async function killOne({ workers, arrivals }: Stage, number: number, of: number): Promise<number> {
  const victim = victims[number % victims.length] ?? 'runner';
  await workers[number % workers.length]?.kill(victim);
  const at = Date.now();
  const heardOf = async () => new Set(since(await arrivals(), at).map(({ account }) => account)).size;
  await eventually(heardOf, (count) => count === services);
  say(`kill ${number + 1} of ${of}: ${victim}`);
  return at;
}

async function figures(stage: Stage, recipients: number, killedAt: number[]): Promise<Record<string, Figure>> {
  const { pool, taskId, simulator } = stage;
  const seen = await stage.arrivals();
  const { sent = 0, uncertain = 0 } = await states(pool, taskId);
  const { accounts, duplicatesAtProvider } = await simulator.client.summary(stage.intervals);
  const violations = Object.values(accounts).reduce((sum, account) => sum + account.violations, 0);
  const slowest = Math.max(0, ...killedAt.map((at) => recoveryMs(seen, at)));
  return {
    kills: reported(killedAt.length),
    lost: none(recipients - sent - uncertain),
    doubled: none(duplicatesAtProvider.length),
    overlappingLeases: none(await overlappingLeases(pool)),
    intervalViolations: none(violations),
    statsDrift: none(await driftOf(pool, taskId)),
    uncertain: reported(uncertain),
    slowestRecoveryMs: { value: slowest, unit: 'ms', goal: `≤ ${recoveryGoalMs}`, met: slowest <= recoveryGoalMs },
  };
}

export function none(value: number): Figure {
  return { value, unit: '', goal: '0', met: value === 0 };
}

export function reported(value: number): Figure {
  return { value, unit: '', goal: 'reported', met: true };
}

function since(seen: readonly Entry[], wallAt: number): Entry[] {
  return seen.filter((entry) => entry.wallAt > wallAt);
}

/** How long after a kill the last of the services was heard of again. */
function recoveryMs(seen: readonly Entry[], killedAt: number): number {
  const first = new Map<string | null, number>();
  for (const { account, wallAt } of since(seen, killedAt))
    if (!first.has(account)) first.set(account, wallAt - killedAt);
  return Math.max(0, ...first.values());
}
