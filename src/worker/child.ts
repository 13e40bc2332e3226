// One runner process and its successors.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, childEnvironment } from '../config.ts';
import type { PoolKind } from '../database/pools/register_pool.ts';
import type { Logger } from '../log.ts';
import type { Family } from '../metrics/families.ts';
import { fromRunner, type ToRunner } from './messages.ts';

/** How long a runner may take to finish what is under way, when all is to end. */
const stopWithinMs = 8_000;
/** When another takes over there is no hurry: longer than any provider may take to answer. */
const replaceWithinMs = 330_000;
const healthyAfterMs = 10_000;
/** A runner that is busy for longer is left out of this scrape. */
const metricsWithinMs = 2_000;

/**
 * For V8. Generation makes much garbage that dies young: a small nursery keeps the process at 165 MB instead of 254, for 1 to 10 % of its time.
 * And the old space may grow by a third before it is cleaned, not by a multiple: 134 MB instead of 165 for 100 paced services.
 */
export const runnerArguments = ['--max-semi-space-size=4', '--heap-growing-percent=30'];

export interface RunnerChildOptions {
  readonly kind: PoolKind;
  readonly slots: number;
  readonly environment: Partial<Record<keyof Config, string>>;
  /** For node, beside ours. */
  readonly nodeArguments: readonly string[];
  readonly log: Logger;
  /** Whether it measures. */
  readonly isMeasured: boolean;
  /** Called when a process is known to be dead, until it succeeds. */
  readonly onDeath: (poolId: string) => Promise<void>;
}

/** Keeps one runner process of a kind alive: when it ends unasked, its pool is given up and another is started, with back-off. */
export class RunnerChild {
  slots: number;
  readonly ready: Promise<void>;
  readonly #options: RunnerChildOptions;
  readonly #readiness = Promise.withResolvers<void>();
  #process: ChildProcess | undefined;
  #isReady = false;
  #asked: PromiseWithResolvers<Family[]> | null = null;
  #stopping = false;
  #failures = 0;
  #life: Promise<void>;

  constructor(options: RunnerChildOptions) {
    this.#options = options;
    this.slots = options.slots;
    this.ready = this.#readiness.promise;
    this.#life = this.#live();
  }

  get pid(): number | undefined {
    const child = this.#process;
    return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
  }

  get kind(): PoolKind {
    return this.#options.kind;
  }

  /** Whether it takes jobs now. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** What it measures; nothing while it is not there to answer. */
  async families(): Promise<Family[]> {
    if (!this.#isReady || this.#process?.connected !== true) return [];
    if (this.#asked === null) {
      this.#asked = Promise.withResolvers();
      const late = setTimeout(() => this.#tell([]), metricsWithinMs);
      void this.#asked.promise.finally(() => clearTimeout(late));
      send(this.#process, { type: 'metrics' });
    }
    return this.#asked.promise;
  }

  #tell(families: Family[]): void {
    this.#asked?.resolve(families);
    this.#asked = null;
  }

  /** Ends the process; waits for what is under way, then kills it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#end(stopWithinMs);
    await this.#life;
  }

  /** Ends the process and has a successor with more slots take over. */
  async replace(slots: number): Promise<void> {
    this.#options.log.info({ runner: this.#options.kind, slots }, 'restarting a runner with more slots');
    this.slots = slots;
    await this.#end(replaceWithinMs);
  }

  async #live(): Promise<void> {
    while (!this.#stopping) {
      const startedAt = performance.now();
      const clean = await this.#run();
      if (this.#stopping) return;
      this.#failures = clean || performance.now() - startedAt > healthyAfterMs ? 0 : this.#failures + 1;
      if (this.#failures > 0) await sleep(Math.min(100 * 2 ** this.#failures, 5_000));
    }
  }

  /** One process, from start to end. @returns whether it ended cleanly. */
  async #run(): Promise<boolean> {
    const { kind, environment, nodeArguments, log, isMeasured } = this.#options;
    const measured = isMeasured ? ['measured'] : [];
    const child = fork(join(import.meta.dirname, 'runner.ts'), [kind, String(this.slots), ...measured], {
      env: childEnvironment(environment),
      execArgv: [...runnerArguments, ...nodeArguments],
    });
    this.#process = child;
    let poolId: string | undefined;
    child.on('message', (message) => {
      const told = fromRunner.parse(message);
      if (told.type === 'metrics') return this.#tell(told.families);
      poolId = told.poolId;
      this.#isReady = true;
      log.debug({ runner: kind, pool: poolId, pid: child.pid }, 'a runner takes jobs');
      this.#readiness.resolve();
    });
    const { promise, resolve } = Promise.withResolvers<boolean>();
    child.on('error', (error) => {
      log.error({ runner: kind, err: error }, 'a runner could not be started');
      if (child.pid === undefined) resolve(false);
    });
    child.on('exit', (code, signal) => {
      if (!this.#stopping && code !== 0) log.error({ runner: kind, pid: child.pid, code, signal }, 'a runner ended');
      resolve(code === 0);
    });
    const clean = await promise;
    this.#isReady = false;
    this.#tell([]);
    if (!clean && poolId !== undefined) await this.#giveUp(poolId);
    return clean;
  }

  // Until the database takes it; a neighbour, or the next start, would see to it too.
  async #giveUp(poolId: string): Promise<void> {
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
      try {
        return await this.#options.onDeath(poolId);
      } catch (error) {
        this.#options.log.warn({ err: error, pool: poolId }, 'a dead worker could not be given up yet');
        if (this.#stopping) return;
        await sleep(delayMs);
      }
    }
  }

  async #end(withinMs: number): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#isReady = false;
    send(child, { type: 'stop' });
    const killer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    await gone;
    clearTimeout(killer);
  }
}

function send(child: ChildProcess, message: ToRunner): void {
  if (child.connected) child.send(message, () => {});
}
