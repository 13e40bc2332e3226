// Promise: `config check` says what is in force and from where, tries it, names what does not work, and tells no secret.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import Koa from 'koa';
import { type ConfigResult, configResult } from '../../src/commands/config/examine.ts';
import { tryAddresses } from '../../src/commands/config/try_addresses.ts';
import { migrationsTrial, tryDatabase } from '../../src/commands/config/try_database.ts';
import { tryPort } from '../../src/commands/config/try_port.ts';
import { childEnvironment, loadConfig } from '../../src/config.ts';
import { seal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { projectDir } from '../../src/database/server.ts';
import { installHealth } from '../../src/server/health.ts';
import { portOf } from '../simulator/support.ts';
import { testSecret, workerEnvironment } from '../support/campaign.ts';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aService } from '../support/scene.ts';

let database: TestDatabase;
let directory: string;
before(async () => {
  database = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'postilion-config-'));
});
after(async () => {
  rmSync(directory, { recursive: true });
  await database.close();
});

interface Ended {
  code: number;
  stdout: string;
}

function run(environment: Record<string, string>, ...flags: string[]): Promise<Ended> {
  const env = { ...childEnvironment({ ...workerEnvironment, DATABASE_URL: database.url, PORT: '0' }), ...environment };
  return promisify(execFile)(process.execPath, [join(projectDir, 'src/cli.ts'), 'config', 'check', ...flags], {
    env,
  }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: Ended) => ({ code, stdout }),
  );
}

async function found(environment: Record<string, string> = {}): Promise<ConfigResult & Ended> {
  const ended = await run(environment, '--json');
  return { ...ended, ...configResult.parse(JSON.parse(ended.stdout)) };
}

const stateOf = ({ checks }: ConfigResult, name: string) => checks.find((check) => check.name === name)?.state;

test('what is in force, with its source; secrets as set or not set', async () => {
  const path = join(directory, 'imap');
  writeFileSync(path, 'imaps://north:letmein@mail.example.com/INBOX\n');
  const result = await found({ LEDGER_DAYS: '30', BOUNCES_IMAP_URL_FILE: path });
  const of = (key: string) => result.values.find((value) => value.key === key);
  assert.equal(result.code, 0);
  assert.ok(result.ok);
  assert.deepEqual(of('LEDGER_DAYS'), { key: 'LEDGER_DAYS', value: '30', source: 'environment', file: null });
  assert.deepEqual(of('BODY_DAYS'), { key: 'BODY_DAYS', value: '90', source: 'default', file: null });
  assert.deepEqual(of('BOUNCES_IMAP_URL'), { key: 'BOUNCES_IMAP_URL', value: 'set', source: 'file', file: path });
  assert.deepEqual(of('OIDC_CLIENT_SECRET')?.value, 'not set');
  assert.equal(stateOf(result, 'database'), 'ok');
  assert.equal(stateOf(result, 'migrations'), 'ok');
  assert.equal(stateOf(result, 'secret'), 'ok');
  for (const secret of ['letmein', testSecret, new URL(database.url).password])
    assert.ok(secret === '' || !result.stdout.includes(secret));
});

test('for people: what does not work last, with what to do, within the terminal', async () => {
  const { code, stdout } = await run({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', LEGDER_DAYS: '3' });
  assert.equal(code, 1);
  const lines = stdout.trimEnd().split('\n');
  assert.match(stdout, /\nLEDGER_DAYS +90 +default\n/);
  assert.match(stdout, /\nwarning {2}LEGDER_DAYS +It is set, and means nothing: did you mean LEDGER_DAYS\?\n/);
  assert.match(stdout, /\nskipped {2}migrations +Not tried/);
  assert.match(stdout, /\nfailed {3}database +It can not be used: no PostgreSQL answers/);
  assert.equal(lines.at(-1), 'It can not be used: database.');
  assert.ok(lines.every((line) => line.length <= 80));
});

test('values that can not be used are named together', async () => {
  const result = await found({ PORT: 'x', LOG_LEVEL: 'loud' });
  assert.equal(result.code, 1);
  assert.deepEqual(
    result.checks.map(({ name, state }) => `${name} ${state}`),
    ['PORT failed', 'LOG_LEVEL failed'],
  );
});

test('a database that was never migrated is told, and stays as it is', async () => {
  const bare = await createBareDatabase();
  try {
    const result = await found({ DATABASE_URL: bare.url });
    assert.equal(result.code, 0);
    assert.equal(stateOf(result, 'migrations'), 'warning');
    assert.equal(stateOf(result, 'secret'), 'skipped');
    const { rows } = await bare.pool.query(`select from pg_namespace where nspname like '%postilion%'`);
    assert.equal(rows.length, 0);
  } finally {
    await bare.close();
  }
});

test('one that is newer than the program fails', () => {
  const { state, says } = migrationsTrial({ migrations: [], functions: [], unknown: ['9999_later'] });
  assert.equal(state, 'failed');
  assert.match(says, /9999_later/);
});

test('a secret that does not open what is sealed fails; one that is named as a former one is told', async () => {
  const sealing = 'the secret that sealed what is sealed';
  const { encryption } = await loadSecret({ POSTILION_SECRET: sealing }, '');
  const id = randomUUID();
  await aService(database.pool, { id, sealed: seal(encryption, id, { apiUser: 'north' }) });
  const tried = async (environment: Record<string, string>) => {
    const checks = await tryDatabase(loadConfig({ DATABASE_URL: database.url, ...environment }));
    return checks.find(({ name }) => name === 'secret');
  };
  assert.equal((await tried({ POSTILION_SECRET: sealing }))?.state, 'ok');
  const other = 'another secret of thirty-two characters';
  const closed = await tried({ POSTILION_SECRET: other });
  assert.equal(closed?.state, 'failed');
  assert.equal(closed?.says, 'POSTILION_SECRET does not open 1 of the sealed values: their services can not send.');
  const rotating = await tried({ POSTILION_SECRET: other, POSTILION_PREVIOUS_SECRETS: sealing });
  assert.equal(rotating?.state, 'warning');
});

describe('a port', () => {
  async function listening(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return portOf(server);
  }

  test('that another program has fails, until it is free', async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await listening(server);
    const { state, says } = await tryPort('PORT', '127.0.0.1', port);
    assert.equal(state, 'failed');
    assert.match(says, /taken by another program/);
    server.close();
    await once(server, 'close');
    assert.equal((await tryPort('PORT', '127.0.0.1', port)).state, 'ok');
  });

  test('that a server of ours has is well', async () => {
    const app = new Koa();
    installHealth(app, async () => null);
    const server = createHttpServer(app.callback());
    const port = await listening(server);
    const { state, says } = await tryPort('PORT', '127.0.0.1', port);
    assert.equal(state, 'ok');
    assert.match(says, /A server of ours/);
    server.close();
    server.closeAllConnections();
  });
});

describe('the address of links', () => {
  const stateFor = (address?: string) =>
    tryAddresses({ TRACKING_BASE_URL: address, HOST: '127.0.0.1', PORT: 5678 }).state;

  test('is one that recipients reach, by https', () => {
    assert.equal(stateFor('https://links.example.com'), 'ok');
    for (const address of [
      undefined,
      'http://links.example.com',
      'https://localhost',
      'https://10.1.2.3',
      'https://[fd00::1]',
    ])
      assert.equal(stateFor(address), 'warning', address);
  });
});
