import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { type Host, thisHost } from './worker.ts';

export interface Place {
  readonly address: string;
  readonly port: number;
  readonly host: Host;
}

/** A `postilion serve` process that comes back at the same address whenever it was killed. */
export class Server {
  readonly url: string;
  readonly #host: Host;
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess;

  private constructor(database: string, { address, port, host }: Place) {
    this.url = `http://${address}:${port}`;
    this.#host = host;
    const keys = { ...workerEnvironment, DATABASE_URL: database, HOST: address, PORT: String(port) };
    this.#environment = childEnvironment(keys);
    this.#process = this.#start();
  }

  /** Resolves when it is ready. */
  static async at(database: string, place?: Place): Promise<Server> {
    const server = new Server(database, place ?? { address: '127.0.0.1', port: await freePort(), host: thisHost });
    await server.#ready();
    return server;
  }

  /** As with kill -9. Resolves when another process has taken its place. */
  async kill(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
    this.#process = this.#start();
    await this.#ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#process, 'exit');
    if (this.#process.exitCode !== null || !this.#process.kill('SIGTERM')) return;
    await gone;
  }

  async #ready(): Promise<void> {
    const isReady = () =>
      fetch(`${this.url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(isReady, (ready) => ready);
  }

  #start(): ChildProcess {
    return fork(join(projectDir, 'src/cli.ts'), ['serve'], {
      env: this.#environment,
      ...this.#host,
      stdio: 'ignore',
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
