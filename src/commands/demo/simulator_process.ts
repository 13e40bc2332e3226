// The provider of the demo lives in a process of its own: arrivals are stamped where nothing else keeps the event loop busy.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { projectDir } from '../../database/server.ts';
import { SimulatorClient } from '../../simulator/client.ts';

const started = z.object({ url: z.string() });

export interface SimulatorProcess {
  readonly url: string;
  readonly client: SimulatorClient;
  stop(): Promise<void>;
}

export async function startSimulatorProcess(host = '127.0.0.1'): Promise<SimulatorProcess> {
  const child = fork(join(projectDir, 'src/cli.ts'), ['simulator', '--host', host, '--port', '0'], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await urlOf(child);
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (!child.kill('SIGTERM')) return;
    await gone;
  };
  return { url, client: new SimulatorClient(url), stop };
}

function urlOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('message', (message) => resolve(started.parse(message).url));
  child.once('exit', (code) => reject(new Error(`the simulator ended with ${code} before it listened`)));
  return promise;
}
