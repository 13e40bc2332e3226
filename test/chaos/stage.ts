// What the chaos runs share: a database, a provider in a process of its own, services, workers, a campaign under way.
import type pg from 'pg';
import { type BenchDatabase, openBenchDatabase } from '../../bench/support/database.ts';
import { type SimulatorProcess, startSimulatorProcess } from '../../src/commands/demo/simulator_process.ts';
import type { Entry } from '../../src/simulator/entry.ts';
import { aScheduledTask, open, servicesAt } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { Worker } from './worker.ts';

export interface Stage {
  readonly pool: pg.Pool;
  readonly facts: Record<string, string>;
  readonly simulator: SimulatorProcess;
  readonly workers: readonly Worker[];
  readonly intervals: Readonly<Record<string, number>>;
  readonly taskId: string;
  /** All that arrived at the provider so far, in order. */
  arrivals(): Promise<readonly Entry[]>;
  /** How many rows still wait or are on their way. */
  open(): Promise<number>;
  /** Resolves when none is. */
  finished(): Promise<void>;
}

export interface StageOptions {
  services: number;
  /** 0: rated services. */
  intervalMs: number;
  workers: number;
  recipients: number;
  answerDelayMs: [number, number];
  /** Default: one on the server of DATABASE_URL, or on the embedded one. */
  database?: BenchDatabase;
  /** Where the provider listens; default: 127.0.0.1. */
  providerAt?: string;
  /** Default: one beside us. */
  worker?: (number: number) => Worker;
  /** Changes what is there when the services are and no worker is; `services` are their ids by name. */
  prepare?: (pool: pg.Pool, made: { services: Record<string, string>; simulator: SimulatorProcess }) => Promise<void>;
}

/** Many processes may have to start on few cores. */
const startWithinMs = 180_000;
const finishWithinMs = 600_000;

/** Sets a campaign going; `opened` undoes all of it. Resolves when the first mails have arrived. */
export async function aStage(opened: AsyncDisposableStack, options: StageOptions): Promise<Stage> {
  const database = options.database ?? (await openBenchDatabase());
  opened.defer(() => database.close());
  const simulator = await startSimulatorProcess(options.providerAt);
  opened.defer(() => simulator.stop());
  const names = Array.from({ length: options.services }, (_, number) => `service${number + 1}`);
  const intervals = Object.fromEntries(names.map((name) => [name, options.intervalMs]));
  await simulator.client.configure({
    accounts: Object.fromEntries(names.map((name) => [name, `key of ${name}`])),
    answerDelayMs: options.answerDelayMs,
  });
  const services = await servicesAt(database.pool, simulator.url, intervals);
  await options.prepare?.(database.pool, { services, simulator });
  const worker = options.worker ?? (() => new Worker(database.url));
  const workers = Array.from({ length: options.workers }, (_, number) => worker(number));
  opened.defer(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
  });
  const taskId = await aScheduledTask(database.pool, options.recipients);
  const seen: Entry[] = [];
  async function arrivals(): Promise<readonly Entry[]> {
    for await (const entry of simulator.client.record(seen.length)) seen.push(entry);
    return seen;
  }
  await eventually(arrivals, ({ length }) => length > 0, startWithinMs);
  const openRows = () => open(database.pool, taskId);
  return {
    pool: database.pool,
    facts: database.facts,
    simulator,
    workers,
    intervals,
    taskId,
    arrivals,
    open: openRows,
    async finished() {
      await eventually(openRows, (rows) => rows === 0, finishWithinMs);
    },
  };
}
