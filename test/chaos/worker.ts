import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { childrenOf, signal } from './processes.ts';

/** How a process of ours is started on a host: what runs it, and the arguments before its own. */
export interface Host {
  readonly execPath: string;
  readonly execArgv: string[];
}

export const thisHost: Host = { execPath: process.execPath, execArgv: [] };

/** A `postilion work` process that is started again whenever it was ended. */
export class Worker {
  readonly #url: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #on: Host;
  readonly #checkout: string;
  #process: ChildProcess;

  /** @param environment beside the keys that every worker of a test has. */
  constructor(url: string, environment: NodeJS.ProcessEnv = {}, on: Host = thisHost, checkout = projectDir) {
    this.#url = url;
    this.#environment = environment;
    this.#on = on;
    this.#checkout = checkout;
    this.#process = this.#start();
  }

  /** The supervisor's process id and those of its runners. */
  pids(): number[] {
    const { pid } = this.#process;
    return pid === undefined ? [] : [pid, ...childrenOf(pid)];
  }

  /** One runner, which its supervisor replaces; the supervisor; or all of them. */
  async kill(what: 'runner' | 'supervisor' | 'group'): Promise<void> {
    const runners = childrenOf(this.#process.pid ?? 0);
    if (what === 'runner') return runners.slice(0, 1).forEach(killHard);
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    if (what === 'group') runners.forEach(killHard);
    await gone;
    this.#process = this.#start();
  }

  /** Asks it to end, waits until it has, and starts it again. @returns its exit code; null: a signal ended it. */
  async restart(): Promise<number | null> {
    await this.stop();
    const { exitCode } = this.#process;
    this.#process = this.#start();
    return exitCode;
  }

  /** All of it, at once and for good. */
  async end(): Promise<void> {
    const runners = childrenOf(this.#process.pid ?? 0);
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    runners.forEach(killHard);
    await gone;
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    if (this.#process.exitCode !== null || this.#process.signalCode !== null || !this.#process.kill('SIGTERM')) return;
    await gone;
  }

  #start(): ChildProcess {
    return fork(join(this.#checkout, 'src/cli.ts'), ['work'], {
      env: { ...childEnvironment({ ...workerEnvironment, DATABASE_URL: this.#url }), ...this.#environment },
      ...this.#on,
      stdio: 'ignore',
    });
  }
}

function killHard(pid: number): void {
  signal(pid, 'SIGKILL');
}
