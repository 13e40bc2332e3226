// Promise: as process 1 of a container, where no signal has a default, server and worker end cleanly when they are asked to.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { childrenOf } from '../chaos/processes.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';

const container = ['--pid', '--fork', '--mount-proc'];

/** Process namespaces take root, or CAP_SYS_ADMIN. */
function mayContain(): boolean {
  try {
    execFileSync('unshare', [...container, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const skip = mayContain() ? false : 'this machine lets us make no process namespaces';

for (const [command, ready] of [
  ['serve', 'the server is up'],
  ['work', 'the worker is up'],
] as const)
  test(`${command} as process 1`, { skip }, async () => {
    await using opened = new AsyncDisposableStack();
    const database = await createTestDatabase();
    opened.defer(() => database.close());
    const keys = {
      ...workerEnvironment,
      LOG_LEVEL: 'info',
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: database.url,
    };
    const args = [...container, process.execPath, join(projectDir, 'src/cli.ts'), command];
    const outer = spawn('unshare', args, { env: childEnvironment(keys), stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(outer, 'exit');
    opened.defer(async () => void (outer.kill('SIGKILL') && (await ended)));
    await said(outer.stderr, ready);
    const [first] = childrenOf(outer.pid ?? 0);
    assert.ok(first !== undefined);
    process.kill(first, 'SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });

/** Resolves when a process has written this. */
async function said(output: NodeJS.ReadableStream, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let all = '';
  output.on('data', (chunk) => {
    all += chunk;
    if (all.includes(text)) resolve();
  });
  output.on('end', () => reject(new Error(`it ended: ${all}`)));
  await promise;
}
