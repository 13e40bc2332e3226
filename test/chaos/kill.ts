// Kills workers in the middle of a campaign, again and again, and compares what the provider saw with what the rows and the ledger say.
import { type Figure, machine, type Report, say } from '../../bench/support/report.ts';
import { eventually } from '../support/eventually.ts';
import { heardOf, recoveryMs } from './arrivals.ts';
import { aStage, type Stage } from './stage.ts';
import { reported, verdict } from './verdict.ts';

const services = 8;
const recoveryGoalMs = 10_000;
const victims = ['runner', 'supervisor', 'group'] as const;

export async function kill({
  recipients,
  kills,
  workers,
  interval,
}: {
  recipients: number;
  kills: number;
  workers: number;
  /** Of each service, in milliseconds; 0: rated. */
  interval: number;
}): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const stage = await aStage(opened, { services, intervalMs: interval, workers, recipients, answerDelayMs: [5, 50] });
  const killedAt: number[] = [];
  // Near its end a campaign has not enough mails left for every service to be heard of again.
  while (killedAt.length < kills && (await stage.open()) > services * 4)
    killedAt.push(await killOne(stage, killedAt.length, kills));
  await stage.finished();
  return { machine: machine(stage.facts), figures: await figures(stage, recipients, killedAt) };
}

/** One victim after the other; resolves when every service was heard of again. @returns when, on the wall clock. */
async function killOne({ workers, arrivals }: Stage, number: number, of: number): Promise<number> {
  const victim = victims[number % victims.length] ?? 'runner';
  await workers[number % workers.length]?.kill(victim);
  const at = Date.now();
  await eventually(arrivals, (seen) => heardOf(seen, at).size === services);
  say(`kill ${number + 1} of ${of}: ${victim}`);
  return at;
}

async function figures(stage: Stage, recipients: number, killedAt: number[]): Promise<Record<string, Figure>> {
  const seen = await stage.arrivals();
  const slowest = Math.max(0, ...killedAt.map((at) => recoveryMs(seen, at)));
  return {
    kills: reported(killedAt.length),
    ...(await verdict(stage, recipients)),
    slowestRecoveryMs: { value: slowest, unit: 'ms', goal: `≤ ${recoveryGoalMs}`, met: slowest <= recoveryGoalMs },
  };
}
