// A hundred paced services through the real worker, over HTTP, judged by the record of the provider that got their mails.
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulatorProcess } from '../../src/commands/demo/simulator_process.ts';
import type { SimulatorClient } from '../../src/simulator/client.ts';
import type { Entry } from '../../src/simulator/entry.ts';
import { servicesAt } from '../../test/support/campaign.ts';
import { eventually } from '../../test/support/eventually.ts';
import { aBacklog } from '../support/backlog.ts';
import { watchMemory } from '../support/memory.ts';
import { percentile } from '../support/percentile.ts';
import { say } from '../support/report.ts';
import { sendRunnerPid, wakeServices, withWorker } from '../support/worker.ts';
import { type Punctuality, punctualityOf, type Window } from './punctuality.ts';
import { atMost, type Figures, none, ofLimit, type Stage } from './stage.ts';

type Intervals = Readonly<Record<string, number>>;

const fullSize = { services: 100, shortestMs: 2_000, longestMs: 10_000, seconds: 60 };
const quickSize = { services: 20, shortestMs: 200, longestMs: 1_000, seconds: 4 };

export async function pace({ pool, url, quick }: Stage): Promise<Figures> {
  const size = quick ? quickSize : fullSize;
  const intervals = intervalsOf(size);
  say(`pace: ${size.services} services, ${size.shortestMs} to ${size.longestMs} ms, for ${size.seconds} s`);
  await using opened = new AsyncDisposableStack();
  const simulator = await startSimulatorProcess();
  opened.defer(() => simulator.stop());
  const accounts = Object.fromEntries(Object.keys(intervals).map((name) => [name, `key of ${name}`]));
  await simulator.client.configure({ accounts, answerDelayMs: [5, 50] });
  await servicesAt(pool, simulator.url, intervals);
  const taskId = await aBacklog(pool, enough(intervals, size.seconds));
  const { window, peakMb } = await withWorker(url, [], async () => {
    await wakeServices(pool, taskId);
    const from = await allHeardOf(simulator.client, size.services);
    using memory = watchMemory(await sendRunnerPid(pool), 500);
    await sleep(size.seconds * 1_000);
    return { window: { from, to: from + size.seconds * 1_000 }, peakMb: Math.max(...memory.samples) };
  });
  const { accounts: seen } = await simulator.client.summary(intervals);
  const violations = Object.values(seen).reduce((sum, account) => sum + account.violations, 0);
  return {
    ...punctualityFigures(await punctuality(simulator.client, intervals, window)),
    paceViolations: none(violations),
    memoryPaced: atMost(peakMb, 'MB', 150),
  };
}

/** Evenly spread from the shortest to the longest. */
function intervalsOf({ services, shortestMs, longestMs }: typeof fullSize): Intervals {
  const step = (longestMs - shortestMs) / (services - 1);
  return Object.fromEntries(
    Array.from({ length: services }, (_, index) => [`service${index + 1}`, Math.round(shortestMs + index * step)]),
  );
}

/** More mails than can be sent before the end, at the pace of these services. */
function enough(intervals: Intervals, seconds: number): number {
  return Object.values(intervals).reduce((sum, ms) => sum + Math.ceil((2 * seconds * 1_000) / ms) + 10, 0);
}

/** @returns when every service had sent its first mail, on the provider's clock. */
async function allHeardOf(simulator: SimulatorClient, services: number): Promise<number> {
  const { accounts } = await eventually(
    () => simulator.summary(),
    (summary) => Object.keys(summary.accounts).length === services,
  );
  return Math.max(...Object.values(accounts).map(({ firstAt }) => firstAt));
}

async function punctuality(simulator: SimulatorClient, intervals: Intervals, window: Window): Promise<Punctuality[]> {
  const entries: Entry[] = [];
  for await (const entry of simulator.record()) entries.push(entry);
  const byAccount = Object.groupBy(entries, ({ account }) => account ?? '');
  return Object.entries(intervals).map(([name, ms]) => punctualityOf(byAccount[name] ?? [], ms, window));
}

function punctualityFigures(services: readonly Punctuality[]): Figures {
  const sum = (number: (service: Punctuality) => number) => services.reduce((all, each) => all + number(each), 0);
  const lateness = services.flatMap(({ latenessMs }) => latenessMs);
  return {
    pace: ofLimit(
      sum(({ count }) => count),
      sum(({ ideal }) => ideal),
      'mails',
      0.99,
    ),
    paceLateness: { ...atMost(percentile(lateness, 0.99), 'ms', 25), goal: 'p99 ≤ 25 ms' },
  };
}
