// Promise: the benchmarks work, in a small size, and answer in their one form.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { told } from '../chaos/faults/told.ts';
import { testCluster } from '../support/database.ts';

const report = z.object({
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  figures: z.record(
    z.string(),
    z.object({
      value: z.number(),
      unit: z.string(),
      limit: z.number().optional(),
      ratio: z.number().optional(),
      goal: z.string(),
      met: z.boolean(),
    }),
  ),
});

async function run(script: string, ...args: string[]): Promise<z.infer<typeof report>> {
  const { url } = await testCluster();
  const { stdout } = await promisify(execFile)(process.execPath, [join(projectDir, script), ...args, '--json'], {
    env: childEnvironment({ DATABASE_URL: url, LOG_LEVEL: 'fatal' }),
  });
  return report.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

test('bench generate', async () => {
  const { figures } = await run('bench/main.ts', 'generate', '--recipients', '600');
  assert.deepEqual(Object.keys(figures).sort(), ['generated', 'generatedThrice', 'peakRss', 'peakRssThrice']);
});

test('bench queue', async () => {
  const { figures } = await run('bench/main.ts', 'queue', '--quick');
  assert.deepEqual(Object.keys(figures), [
    'single',
    'batched20',
    'batched200',
    'depth',
    'parked',
    'heldSnapshot',
    'heldSnapshotSingle',
    'endToEnd',
    'memoryFullRate',
    'memoryFullRateGrowth',
    'pace',
    'paceLateness',
    'paceViolations',
    'memoryPaced',
  ]);
  assert.equal(figures['paceViolations']?.value, 0);
});

test('bench events', async () => {
  const { figures } = await run('bench/main.ts', 'events', '--quick');
  assert.deepEqual(Object.keys(figures), [
    'acknowledged',
    'acknowledgedP99',
    'acknowledgedInArrays',
    'applied',
    'appliedFromArrays',
    'redirected',
    'redirectedP99',
    'statesThatDiffer',
    'changesOfTheSecondPass',
    'drift',
  ]);
  for (const name of ['statesThatDiffer', 'changesOfTheSecondPass', 'drift'])
    assert.equal(figures[name]?.value, 0, name);
});

test('bench graphql', async () => {
  const { figures } = await run('bench/main.ts', 'graphql', '--quick');
  assert.deepEqual(Object.keys(figures), [
    'taskList',
    'taskListP95',
    'taskListByHand',
    'taskDetail',
    'taskDetailP95',
    'statistics',
    'statisticsP95',
    'progressMedian',
    'progressP99',
    'import, new contacts',
    'import, server memory',
    'import, nothing new',
    'import, every contact changes',
  ]);
});

test('bench overhead', async () => {
  const { figures } = await run('bench/main.ts', 'overhead', '--quick');
  const ledger = ['', ', least', ', most', ', rate with it', ', rate without'].map((part) => `ledger${part}`);
  const watched = ['metrics', 'roll-up', 'crontab'].map((part) => `operations, ${part}`);
  const names = Object.keys(figures).filter((name) => !name.endsWith('by rates'));
  assert.deepEqual(names, [...ledger, 'operations', ...watched]);
});

test('chaos model', async () => {
  const { figures } = await run('test/chaos/main.ts', 'model', '--runs', '8', '--commands', '20', '--clients', '2');
  assert.deepEqual([figures['departuresFromTheModel']?.value, figures['failuresTogether']?.value], [0, 0]);
  assert.deepEqual([figures['runsAlone']?.value, figures['runsTogether']?.value], [8, 4]);
});

test('chaos webhooks', async () => {
  const { figures } = await run('test/chaos/main.ts', 'webhooks', '--quick');
  assert.deepEqual([figures['kills']?.value, figures['lost']?.value, figures['statsDrift']?.value], [2, 0, 0]);
  assert.equal(figures['acknowledged']?.value, figures['applied']?.value);
  assert.equal(figures['acknowledged']?.met, true);
});

test('chaos faults', async () => {
  const { url } = await testCluster();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(projectDir, 'test/chaos/main.ts'), 'faults', '--only', 'missing_month', '--json'],
    { env: childEnvironment({ DATABASE_URL: url, LOG_LEVEL: 'fatal' }) },
  );
  const answer = z.object({ healthyExit: z.number(), faults: z.record(z.string(), told), met: z.boolean() });
  const { healthyExit, faults, met } = answer.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  assert.deepEqual([healthyExit, Object.keys(faults), met], [0, ['missing_month'], true]);
  assert.deepEqual(faults['missing_month']?.foundBy, ['health consistency']);
});
