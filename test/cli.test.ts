// Promise: the commands do what the README prints, start with one word, and end cleanly when they are asked to.
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { healthResult } from '../src/commands/ops/examine.ts';
import { childEnvironment } from '../src/config.ts';
import { withDatabase } from '../src/database/pool.ts';
import { projectDir } from '../src/database/server.ts';
import { workerEnvironment } from './support/campaign.ts';
import { createBareDatabase, testCluster } from './support/database.ts';

const cli = join(projectDir, 'src/cli.ts');
const execute = promisify(execFile);

function environment(url: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...childEnvironment({ ...workerEnvironment, DATABASE_URL: url, PORT: '0', ...more }) };
}

/** Lines of JSON on standard error, until one has the field. */
async function loggedField(child: ChildProcess, field: string): Promise<string> {
  assert.ok(child.stderr !== null);
  for await (const line of createInterface(child.stderr)) {
    const value = z.record(z.string(), z.unknown()).safeParse(JSON.parse(line)).data?.[field];
    if (typeof value === 'string') return value;
  }
  throw new Error(`it ended without ${field}`);
}

/** What the README has one post to /graphql, in order. */
async function readmeBodies(): Promise<string[]> {
  const readme = await readFile(join(projectDir, 'README.md'), 'utf8');
  const requests = readme.split('\n\n').filter((part) => part.includes('/graphql -H'));
  return requests.map((part) => /-d '(.*)'/.exec(part)?.[1] ?? '');
}

test("start migrates, answers the README's first requests, and ends on SIGTERM", async () => {
  const { url, pool, close } = await createBareDatabase();
  const child = fork(cli, ['start'], {
    env: environment(url, { LOG_LEVEL: 'info' }),
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  try {
    let printed = '';
    child.stdout?.on('data', (data) => (printed += data));
    const endpoint = await loggedField(child, 'graphql');
    const [, password = ''] = /password {2}(\S+)/.exec(printed) ?? [];
    const ask = (body: string, headers = {}) =>
      fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    const [signIn = '', first = ''] = await readmeBodies();
    const begun = z
      .object({ data: z.object({ signIn: z.object({ accessToken: z.string() }) }) })
      .parse(await (await ask(signIn.replace('…', password))).json());
    assert.equal((await ask(first)).status, 401);
    const asked = await ask(first, { authorization: `Bearer ${begun.data.signIn.accessToken}` });
    const { data } = z
      .object({ data: z.object({ workspaces: z.object({ nodes: z.array(z.object({ name: z.string() })) }) }) })
      .parse(await asked.json());
    assert.deepEqual(
      data.workspaces.nodes.map(({ name }) => name),
      ['Main'],
    );
    const ping = await fetch(new URL('/api/webhooks/mail-event', endpoint), { method: 'POST', body: '{"test": true}' });
    assert.equal(ping.status, 200);
    const gone = once(child, 'exit');
    // Twice, as npm and a terminal do together.
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    assert.deepEqual(await gone, [0, null]);
    const { rows } = await pool.query('select from app_hidden.worker_pools');
    assert.equal(rows.length, 0);
  } finally {
    child.kill('SIGKILL');
    await close();
  }
});

const demoResult = z.strictObject({
  recipients: z.number(),
  sent: z.number(),
  delivered: z.number(),
  opened: z.number(),
  clicked: z.number(),
  bounced: z.number(),
  failed: z.number(),
  uncertain: z.number(),
  pending: z.number(),
  duplicatesAtProvider: z.number(),
  statsDrift: z.number(),
  intervalViolations: z.number(),
  services: z.array(
    z.strictObject({
      name: z.string(),
      intervalMs: z.number(),
      sent: z.number(),
      minGapMs: z.number().nullable(),
      idealRatio: z.number().nullable(),
      frozen: z.boolean().optional(),
      frozenReason: z.string().nullable().optional(),
    }),
  ),
  elapsedMs: z.number(),
});

type DemoResult = z.infer<typeof demoResult>;

async function demo(...args: string[]): Promise<DemoResult> {
  const { url } = await testCluster();
  const { stdout } = await execute(process.execPath, [cli, 'demo', ...args, '--exit', '--json'], {
    env: environment(url),
  });
  const { pool, close } = await createBareDatabase();
  await pool.query('drop database postilion_demo with (force)');
  await close();
  return demoResult.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

function isFaultless(result: DemoResult, recipients: number): void {
  const faults = { uncertain: 0, pending: 0, duplicatesAtProvider: 0, statsDrift: 0, intervalViolations: 0 };
  assert.partialDeepStrictEqual(result, { recipients, sent: recipients, ...faults });
}

/** The demo as it stays up; `look` comes when its campaign is over. */
async function besideDemo(look: (result: DemoResult, databaseUrl: string) => Promise<void>): Promise<void> {
  const { url } = await testCluster();
  const child = fork(cli, ['demo', '--recipients', '40', '--speed', '400', '--json'], {
    env: environment(url),
    execArgv: [],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const gone = once(child, 'exit');
  try {
    assert.ok(child.stdout !== null);
    const early = gone.then(() => assert.fail('the demo ended before its campaign did'));
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), early]);
    await look(demoResult.parse(JSON.parse(line)), withDatabase(url, 'postilion_demo'));
  } finally {
    child.kill('SIGTERM');
    await gone;
    const { pool, close } = await createBareDatabase();
    await pool.query('drop database postilion_demo with (force)');
    await close();
  }
}

test('demo: nothing was lost, doubled or hurried, and while it stays up health exits with 0', () =>
  besideDemo(async (result, databaseUrl) => {
    isFaultless(result, 40);
    assert.deepEqual(
      result.services.map((service) => Object.keys(service)),
      Array(2).fill(['name', 'intervalMs', 'sent', 'minGapMs', 'idealRatio']),
    );
    const { stdout } = await execute(process.execPath, [cli, 'health', '--json'], { env: environment(databaseUrl) });
    const { state, checks } = healthResult.parse(JSON.parse(stdout));
    assert.deepEqual([state, ...checks.filter((check) => check.state !== 'ok' || check.remedy !== '')], ['ok']);
    assert.partialDeepStrictEqual(checks.find(({ name }) => name === 'workers')?.numbers, { send: 1, other: 1 });
  }));

test('demo: what a service that fails half-way leaves, the others send', async () => {
  const result = await demo('--recipients', '80', '--services', '3', '--freeze-one');
  isFaultless(result, 80);
  const [frozen, ...others] = result.services.toSorted((a, b) => Number(b.frozen) - Number(a.frozen));
  assert.partialDeepStrictEqual(frozen, { name: 'north', frozen: true, idealRatio: null });
  assert.match(frozen?.frozenReason ?? '', /Authentication/);
  assert.deepEqual(
    others.map(({ frozen, frozenReason }) => [frozen, frozenReason]),
    [
      [false, null],
      [false, null],
    ],
  );
});

test('a wrong setting is named, in one line', async () => {
  const failed = await execute(process.execPath, [cli, 'serve'], {
    env: environment('postgres://localhost/x', { QUEUE_BATCH_SIZE: 'many' }),
  }).then(
    () => null,
    (error: { code: number; stderr: string }) => error,
  );
  assert.equal(failed?.code, 1);
  assert.match(failed?.stderr ?? '', /QUEUE_BATCH_SIZE/);
  assert.doesNotMatch(failed?.stderr ?? '', /at .*\.ts/);
});
