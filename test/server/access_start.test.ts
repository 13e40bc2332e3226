// Promise: the first start makes one admin, however many start at once, and prints the password once, where no log goes; people and tokens
// are looked after from the terminal; the server needs no more than the login of postilion_authenticator.
import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { childEnvironment, loadConfig } from '../../src/config.ts';
import { authenticatorLogin, serverLogin } from '../../src/database/access/server_login.ts';
import { forSession } from '../../src/database/pool.ts';
import { projectDir } from '../../src/database/server.ts';
import { startServer } from '../../src/server/app.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { createBareDatabase } from '../support/database.ts';
import { aUser, password } from './access_support.ts';
import { signIn } from './operations.ts';
import { at, post, secret, startTestServer, textAt } from './support.ts';

const cli = join(projectDir, 'src/cli.ts');

const environment = (url: string, more: Record<string, string> = {}) =>
  childEnvironment({ ...workerEnvironment, DATABASE_URL: url, PORT: '0', ...more });

interface Started {
  readonly url: string;
  /** Ends it. @returns what it printed, and what it logged */
  stop(): Promise<{ printed: string; logged: string }>;
}

async function serve(databaseUrl: string): Promise<Started> {
  const env = environment(databaseUrl, { LOG_LEVEL: 'trace', ADMIN_EMAIL: 'first@example.com' });
  const child = fork(cli, ['serve'], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  assert.ok(child.stdout !== null);
  const printed = text(child.stdout);
  const lines: string[] = [];
  const url = await upAt(child, lines);
  const stop = async () => {
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    await gone;
    return { printed: await printed, logged: lines.join('\n') };
  };
  return { url, stop };
}

/** Keeps what it logs. @throws Error when it ends without being up */
function upAt(child: ChildProcess, lines: string[]): Promise<string> {
  const up = Promise.withResolvers<string>();
  assert.ok(child.stderr !== null);
  createInterface(child.stderr).on('line', (line) => {
    lines.push(line);
    const graphql = /"graphql":"([^"]+)"/.exec(line)?.[1];
    if (graphql !== undefined) up.resolve(new URL(graphql).origin);
  });
  child.once('exit', () => up.reject(new Error(`the server ended: ${lines.join('\n')}`)));
  return up.promise;
}

suite('the first start', async () => {
  test('of two servers at once one makes an admin and prints the password', async () => {
    const { url, pool, close } = await createBareDatabase();
    try {
      const servers = await Promise.all([serve(url), serve(url)]);
      const answers = await Promise.all(servers.map(({ stop }) => stop()));
      const passwords = answers.flatMap(({ printed }) =>
        [...printed.matchAll(/password {2}(\S+)/g)].map(([, each]) => each),
      );
      assert.equal(passwords.length, 1);
      const [made = ''] = passwords;
      for (const { logged } of answers) assert.equal(logged.includes(made), false);
      const { rows } = await pool.query('select email, is_admin from app_public.users');
      assert.deepEqual(rows, [{ email: 'first@example.com', is_admin: true }]);

      const again = await serve(url);
      const signedIn = await post(again.url, signIn, { email: 'first@example.com', password: made });
      const { printed, logged } = await again.stop();
      assert.equal(at(signedIn, 'data.signIn.user.isAdmin'), true);
      assert.doesNotMatch(printed, /password/);
      assert.doesNotMatch(logged, new RegExp(`${made}|eyJ|psr_`));
    } finally {
      await close();
    }
  });
});

suite('from the terminal', async () => {
  const { server, url, pool } = await startTestServer();

  const run = async (args: string[], input = '') => {
    const child = spawn(process.execPath, [cli, ...args], { env: environment(url) });
    child.stdin.end(input);
    const [out, complaint] = [text(child.stdout), text(child.stderr)];
    const [code] = await once(child, 'close');
    return { code, out: await out, complaint: await complaint };
  };
  const done = async (args: string[], input = '') => {
    const { code, out, complaint } = await run(args, input);
    assert.equal(code, 0, complaint);
    return out;
  };
  const signInAs = (email: string, given: string) => post(server.url, signIn, { email, password: given });
  const hosted = async (authorization: string) =>
    (await post(server.url, '{ me { email } }', {}, authorization).catch(() => null))?.data;

  test('user create reads a password that it is not given as an argument', async () => {
    assert.equal(
      await done(['user', 'create', 'One@example.com', '--admin'], `${password}\n`),
      'Created one@example.com.\n',
    );
    assert.equal(at(await signInAs('one@example.com', password), 'data.signIn.user.isAdmin'), true);
  });

  test('user create --generate prints one, once', async () => {
    const { password: made, ...user } = JSON.parse(
      await done(['user', 'create', 'two@example.com', '--generate', '--json']),
    );
    assert.partialDeepStrictEqual(user, { email: 'two@example.com', isAdmin: false });
    assert.equal(at(await signInAs('two@example.com', made), 'data.signIn.user.email'), 'two@example.com');
    const listed = await done(['user', 'list']);
    assert.match(listed, /^id +address +name +admin +disabled +created\n/);
    assert.match(listed, /two@example\.com +two@example\.com +no +no +20/);
    assert.equal(listed.includes(made), false);
  });

  test('user reset-password, disable and enable', async () => {
    await aUser(pool, 'three@example.com');
    const { password: made } = JSON.parse(
      await done(['user', 'reset-password', 'three@example.com', '--generate', '--json']),
    );
    const isIn = async (given: string) => (await signInAs('three@example.com', given)).errors === undefined;
    assert.deepEqual([await isIn(made), await isIn(password)], [true, false]);
    await done(['user', 'disable', 'Three@example.com']);
    assert.equal(await isIn(made), false);
    await done(['user', 'enable', 'three@example.com']);
    assert.equal(await isIn(made), true);
  });

  test('token create, list and revoke', async () => {
    await aUser(pool, 'four@example.com');
    const made = await done([
      'token',
      'create',
      'four@example.com',
      '--name',
      'nightly',
      '--role',
      'editor',
      '--days',
      '30',
    ]);
    assert.match(made, /^pst_[\w-]{43}\n$/);
    const authorization = `Bearer ${made.trim()}`;
    assert.deepEqual(await hosted(authorization), { me: { email: 'four@example.com' } });
    const [token] = JSON.parse(await done(['token', 'list', '--json']));
    assert.partialDeepStrictEqual(token, {
      name: 'nightly',
      email: 'four@example.com',
      role: 'editor',
      revokedAt: null,
    });
    assert.ok(token.lastUsedAt !== null);
    assert.match(await done(['token', 'list']), /nightly +four@example\.com +editor +- +20/);
    await done(['token', 'revoke', token.id]);
    const { rows } = await pool.query('select revoked_at is not null as revoked from app_public.api_tokens');
    assert.deepEqual(rows, [{ revoked: true }]);
  });

  test('what can not be done is said in one line', async () => {
    for (const [args, input, said] of [
      [['user', 'create', 'five@example.com'], 'short\n', /^postilion: password: expected 10 characters or more\n$/],
      [['user', 'create', 'nonsense', '--generate'], '', /^postilion: email: expected a mail address\n$/],
      [['user', 'disable', 'nobody@example.com'], '', /^postilion: there is no user "nobody@example.com"\n$/],
      [['token', 'revoke', '00000000-0000-0000-0000-000000000000'], '', /^postilion: apiTokenId: there is no token 0/],
      [['token', 'revoke', 'x'], '', /^postilion: "x" is no id of a token\n$/],
    ] as const) {
      const { code, complaint } = await run([...args], input);
      assert.equal(code, 1);
      assert.match(complaint, said);
    }
  });
});

suite('the login of the server', async () => {
  const { url, pool } = await startTestServer();

  /** A login of its own with these roles, while `work` lasts: roles belong to the whole server. */
  const withLogin = async (granted: string[], work: (address: string) => Promise<unknown>) => {
    const name = `postilion_test_${process.pid}_${randomBytes(4).toString('hex')}`;
    const own = new URL(url);
    [own.username, own.password] = [name, randomBytes(12).toString('hex')];
    await pool.query(`create role ${name} login noinherit password '${own.password}'`);
    try {
      for (const role of granted) await pool.query(`grant ${role} to ${name}`);
      await work(own.href);
    } finally {
      await pool.query(`drop role ${name}`);
    }
  };

  test('is postilion_authenticator’s own, which reaches no table, and the server needs no other', async () => {
    const login = await authenticatorLogin(url);
    assert.equal(await authenticatorLogin(url), login);
    assert.equal(await serverLogin({}, { url, embedded: true }), login);
    const client = new pg.Client({ connectionString: login });
    await client.connect();
    await assert.rejects(client.query('select from app_public.users'), { code: '42501' });
    await assert.rejects(client.query('set role postilion_worker'), { code: '42501' });
    await client.end();
    await aUser(pool, 'reader@example.com', { isAdmin: true });
    const log = pino({ level: 'silent' });
    const server = await startServer({ config: loadConfig({ NODE_ENV: 'test' }), url: login, secret, log, port: 0 });
    try {
      const signedIn = await post(server.url, signIn, { email: 'reader@example.com', password });
      const authorization = `Bearer ${textAt(signedIn, 'data.signIn.accessToken')}`;
      const query = '{ workspaces { nodes { name } } users { totalCount } }';
      const { data } = await post(server.url, query, {}, authorization);
      assert.deepEqual(data, { workspaces: { nodes: [{ name: 'Main' }] }, users: { totalCount: 1 } });
      const ping = await fetch(`${server.url}/api/webhooks/mail-event`, { method: 'POST', body: '{"test":true}' });
      assert.equal(ping.status, 200);
      const logins = await pool.query(
        `select distinct usename from pg_stat_activity where datname = current_database() and application_name ~ '^postilion (graphql|intake|access)$'
            and usename = 'postilion_authenticator'`,
      );
      assert.equal(logins.rows.length, 1);
    } finally {
      await server.close();
    }
  });

  test('of one’s own is SERVER_DATABASE_URL, checked before anything is served', async () => {
    assert.equal(await serverLogin({}, { url, embedded: false }), url);
    const given = await authenticatorLogin(url);
    assert.equal(await serverLogin({ SERVER_DATABASE_URL: given }, { url, embedded: false }), given);
    await withLogin([], (address) =>
      assert.rejects(serverLogin({ SERVER_DATABASE_URL: address }, { url, embedded: false }), {
        message: 'SERVER_DATABASE_URL can not be used: its role is not allowed to become postilion_authenticator',
      }),
    );
    await withLogin(['postilion_authenticator'], async (address) => {
      assert.equal(await serverLogin({ SERVER_DATABASE_URL: address }, { url, embedded: false }), address);
      // As requests do, and the intake.
      const client = new pg.Client({ connectionString: forSession(address, 'postilion_admin') });
      await client.connect();
      await client.query('select id from app_public.workspaces').finally(() => client.end());
    });
    const wrong = new URL(given);
    wrong.password = 'wrong';
    for (const address of [wrong.href, 'nonsense'])
      await assert.rejects(serverLogin({ SERVER_DATABASE_URL: address }, { url, embedded: false }), (error) => {
        assert.match(String(error), /^DatabaseUnusable: SERVER_DATABASE_URL /);
        return !String(error).includes('wrong@');
      });
  });
});
