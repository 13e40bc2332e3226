import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { workerEnvironment } from '../support/campaign.ts';

/** A `postilion work` process that is started again whenever it was killed. */
export class Worker {
  readonly #url: string;
  #process: ChildProcess;

  constructor(url: string) {
    this.#url = url;
    this.#process = this.#start();
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

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    if (this.#process.exitCode !== null || !this.#process.kill('SIGTERM')) return;
    await gone;
  }

  #start(): ChildProcess {
    return fork(join(projectDir, 'src/cli.ts'), ['work'], {
      env: childEnvironment({ ...workerEnvironment, DATABASE_URL: this.#url }),
      execArgv: [],
      stdio: 'ignore',
    });
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

/** From /proc: the processes whose parent this is. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === parent)
    .map(Number);
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
