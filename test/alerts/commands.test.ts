// Promise: at the terminal one sees what is open and what to do, sets rules and channels, and is told what is wrong with what one gave; the crontab's handlers do the rest.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { childEnvironment, loadConfig } from '../../src/config.ts';
import { tellAll } from '../../src/cron/alerts.ts';
import { lookAtQueue } from '../../src/cron/queue_health.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { projectDir } from '../../src/database/server.ts';
import { createLogger } from '../../src/log.ts';
import { aSoundScene } from '../ops/planted.ts';
import { testSecret, workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { one } from '../support/scene.ts';
import { anHour } from './support.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function run(...args: string[]): Promise<Ended> {
  const env = {
    ...childEnvironment({ ...workerEnvironment, DATABASE_URL: database.url, ALERT_WEBHOOK_NETWORKS: '127.0.0.1' }),
  };
  return promisify(execFile)(process.execPath, [join(projectDir, 'src/cli.ts'), 'alerts', ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

test('from the situation to the receiver: measured, acted on, told, listed, acknowledged', async (t) => {
  const { pool } = database;
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString());
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => new Promise<void>((closed) => server.close(() => closed())));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;

  const added = await run('channel', 'add', 'ops', '--webhook', url);
  assert.match(added.stdout, /^Added ops\. It signs with whsec_\S+\n/);
  assert.equal((await run('channel', 'test', 'ops')).stdout, 'ops: taken\n');
  assert.equal(JSON.parse(bodies[0] ?? '').type, 'alerts.test');

  const scene = await aSoundScene(pool);
  await anHour(pool, { ...scene, sent: 1_000, complained: 4 });
  const context = {
    db: pool,
    secret: await loadSecret({ POSTILION_SECRET: testSecret }, ''),
    log: createLogger({ LOG_LEVEL: 'silent' }),
    stopping: new AbortController().signal,
    config: loadConfig({ DATABASE_URL: database.url, ALERT_WEBHOOK_NETWORKS: '127.0.0.1' }),
  };
  await lookAtQueue(context);
  await tellAll(context);
  const told = JSON.parse(bodies[1] ?? '');
  assert.match(
    told.text,
    /CRITICAL complaint_rate\n.*called spam.*\nWhat was done: The service was frozen.*\nWhat to do: /,
  );
  assert.ok(await one<boolean>(pool, 'select app_hidden.is_held(s, now()) from app_public.email_services s'));

  const { stdout } = await run();
  assert.match(stdout, /^critical {2}complaint_rate {2}([0-9a-f]{8}) {2}since 20\d\d-\d\d-\d\d \d\d:\d\d\n/);
  assert.ok(
    stdout.split('\n').every((line) => line.length <= 80),
    stdout,
  );
  const [, id = ''] = /([0-9a-f]{8})/.exec(stdout) ?? [];
  assert.match((await run('ack', id)).stdout, /^Acknowledged /);
  assert.ok(JSON.parse((await run('--json')).stdout)[0].acknowledgedAt);
});

test('rules: eighty columns; a setting is changed, or refused by name', async () => {
  const { stdout } = await run('rules');
  assert.ok(
    stdout.split('\n').every((line) => line.length <= 80),
    stdout,
  );
  assert.match(stdout, /^complaint_rate +≥ 0\.1 % +≥ 0\.3 % +24 h +1000 +freeze_service$/m);
  assert.match((await run('set', 'complaint_rate', 'critical-at', '0.2')).stdout, /≥ 0\.2 %/);
  const refused: [string[], RegExp][] = [
    [['set', 'complaint_rate', 'critical-at', '0.01'], /^postilion: criticalAt: this value is not allowed/],
    [['set', 'nothing', 'enabled', 'true'], /^postilion: there is no rule "nothing"/],
    [['ack', 'zzzz'], /^postilion: "zzzz" is no id/],
    [['channel', 'remove', 'log'], /^postilion: the log is always a channel/],
  ];
  const ended = await Promise.all(refused.map(([args]) => run(...args)));
  for (const [number, [, message]] of refused.entries()) {
    assert.equal(ended[number]?.code, 1);
    assert.match(ended[number]?.stderr ?? '', message);
  }
});

test('channels: listed without what is secret in them, and removed', async () => {
  await run(
    'channel',
    'add',
    'chat',
    '--webhook',
    'https://hooks.example.com/services/very-secret',
    '--severity',
    'critical',
  );
  const { stdout } = await run('channel', 'list');
  assert.match(stdout, /^chat +webhook +hooks\.example\.com +critical/m);
  assert.doesNotMatch(stdout, /very-secret/);
  assert.match((await run('channel', 'remove', 'chat')).stdout, /^Removed chat\.$/m);
});
