import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { workerEnvironment } from '../../test/support/campaign.ts';

const upLine = z.object({ graphql: z.url() });

/** Does some work while the real server runs, in a process of its own. */
export async function withServer<T>(databaseUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const server = fork(join(projectDir, 'src/cli.ts'), ['serve'], {
    env: childEnvironment({
      ...workerEnvironment,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      LOG_LEVEL: 'info',
      NODE_ENV: 'production',
    }),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    return await work(await addressOf(server));
  } finally {
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    await gone;
  }
}

/** @throws Error when it ends without being up. */
async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stderr === null) throw new Error('the server has no standard error');
  const lines = createInterface(server.stderr);
  for await (const line of lines) {
    const up = upLine.safeParse(JSON.parse(line));
    if (!up.success) continue;
    // What it logs from now on is not read, and must not fill the pipe.
    server.stderr.resume();
    return new URL('/', up.data.graphql).origin;
  }
  throw new Error('the server ended before it was up');
}
