// Promise: the embedded server starts wherever the checkout lies and whoever runs it, keeps its data, and never runs twice on them.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { installedPackage, prepareBinaries } from '../../src/database/embedded/binaries.ts';
import { type OsUser, serverUser } from '../../src/database/embedded/os_user.ts';
import { isRoot, placeOf } from '../../src/database/embedded/places.ts';
import { untilGone } from '../../src/database/embedded/postmaster.ts';
import { findRunning } from '../../src/database/embedded/running.ts';
import { dataDirectory, type EmbeddedServer, ensureDatabase, startEmbedded } from '../../src/database/embedded.ts';
import { createPool } from '../../src/database/pool.ts';
import { projectDir } from '../../src/database/server.ts';
import { DatabaseUnusable } from '../../src/database/unusable.ts';
import { temporaryDir, throwAway } from '../support/cluster.ts';

const onlyRoot = { skip: isRoot ? false : 'only root hands over to another OS user' };

let dataDir: string;
before(async () => {
  dataDir = await temporaryDir();
});
after(() => rm(dataDir, { recursive: true, force: true }));

const start = (onRunning: 'attach' | 'refuse' = 'refuse', log?: (message: string) => void) =>
  startEmbedded({ dataDir, projectDir, name: 'test', onRunning, settings: throwAway, log });

async function withServer<T>(work: (server: EmbeddedServer) => Promise<T>): Promise<T> {
  const server = await start();
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function ask(server: EmbeddedServer, sql: string): Promise<unknown> {
  const pool = createPool({ connectionString: server.url(), max: 1, applicationName: 'test' });
  try {
    const { rows } = await pool.query(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await pool.end();
  }
}

async function holder(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, '../support/embedded_owner.ts'), [dataDir]);
  await once(child, 'message');
  return child;
}

const place = () => placeOf(dataDir, 'test');

describe('the embedded server', { concurrency: false }, () => {
  test('of three starts at once on a fresh directory one wins and the others attach', async () => {
    const servers = await Promise.all([start('attach'), start('attach'), start('attach')]);
    const [owner, ...more] = servers.filter((server) => server.restartImmediate !== undefined);
    assert.ok(owner !== undefined && more.length === 0);
    assert.deepEqual(new Set(servers.map(({ port }) => port)), new Set([owner.port]));
    for (const server of servers) if (server !== owner) await server.stop();
    assert.equal(await ask(owner, 'select 1'), 1);
    await owner.stop();
    assert.equal(findRunning(place()), undefined);
  });

  test('has the settings of a queue, a password for everyone, and listens on the loopback address only', async () => {
    await withServer(async (server) => {
      assert.equal(await ask(server, 'show shared_buffers'), '256MB');
      assert.equal(await ask(server, 'show wal_compression'), 'pglz');
      assert.equal(await ask(server, 'show listen_addresses'), '127.0.0.1');
      assert.equal(
        await ask(server, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"),
        'scram-sha-256',
      );
      assert.equal((await stat(place().password)).mode & 0o777, 0o600);
    });
  });

  test('keeps data and port from one run to the next', async () => {
    const port = await withServer(async (server) => {
      await ask(server, 'create table kept as select 42 as answer');
      return server.port;
    });
    await withServer(async (server) => {
      assert.equal(await ask(server, 'select answer from kept'), 42);
      assert.equal(server.port, port);
      assert.equal(await readFile(place().port, 'utf8'), `${port}\n`);
    });
  });

  test('a second start is refused in one line that says where and who', () =>
    withServer(async ({ dataDir, port }) => {
      const pid = findRunning(place())?.pid;
      await assert.rejects(start(), {
        name: 'DatabaseUnusable',
        message: `the embedded PostgreSQL in ${dataDir} already runs (process ${pid}, port ${port}); stop the postilion that started it, or set POSTILION_DATA_DIR to another directory`,
      });
    }));

  test('what runs attached leaves the server alone', () =>
    withServer(async (server) => {
      const attached = await start('attach');
      assert.equal(attached.url('x'), server.url('x'));
      await attached.stop();
      assert.equal(await ask(server, 'select 1'), 1);
    }));

  test('a pool outlives a crash of its server, and nothing committed is lost', () =>
    withServer(async (server) => {
      const errors: Error[] = [];
      const onError = (error: Error) => errors.push(error);
      const pool = createPool({ connectionString: server.url(), applicationName: 'test', onError });
      const lent = await pool.connect();
      await pool.query('create table committed as select 1');
      const broken = new Promise((done) => lent.once('end', done));
      await server.restartImmediate?.();
      await broken;
      lent.release(true);
      assert.equal((await pool.query('select from committed')).rowCount, 1);
      assert.ok(errors.length > 0);
      await pool.end();
    }));

  test('takes another port when the kept one is taken', async () => {
    const kept = await withServer(async ({ port }) => port);
    const squatter = await listenOn(kept);
    await withServer(async ({ port }) => {
      assert.notEqual(port, kept);
      assert.equal(await readFile(place().port, 'utf8'), `${port}\n`);
    });
    squatter.close();
  });

  test('a process that exits without a word, or dies of a signal, takes its server along', async () => {
    for (const end of [(child: ChildProcess) => child.send('exit'), (child: ChildProcess) => child.kill('SIGTERM')]) {
      const child = await holder();
      const pid = findRunning(place())?.pid ?? 0;
      end(child);
      await once(child, 'exit');
      await untilGone(place(), pid);
    }
    await withServer(async (server) => assert.equal(await ask(server, 'select 1'), 1));
  });

  test('a server left behind by a killed process is stopped by the next start', async () => {
    const child = await holder();
    const orphan = findRunning(place())?.pid;
    assert.ok(orphan !== undefined && findRunning(place())?.owned);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const said: string[] = [];
    const server = await start('refuse', (message) => said.push(message));
    assert.notEqual(findRunning(place())?.pid, orphan);
    assert.match(said.join(), new RegExp(`process ${orphan}`));
    await server.stop();
  });

  test('lock files of a server that is gone are healed, be its pid free or another program’s by now', async () => {
    const port = await withServer(async (server) => server.port);
    const stranger = spawn('sleep', ['1000'], { ...serverUser(place().dir), stdio: 'ignore' });
    try {
      for (const pid of [4_000_000, stranger.pid]) {
        await leaveLocks(
          `${pid}\n${place().data}\n1\n${port}\n${place().socketDir}\n127.0.0.1\n  1 1\nready   \n`,
          port,
        );
        await withServer(async (server) => assert.equal(await ask(server, 'select 1'), 1));
      }
    } finally {
      stranger.kill();
    }
  });

  test('creates a database once, however many ask for it', () =>
    withServer(async (server) => {
      const name = 'quoted "name"';
      const urls = await Promise.all(Array.from({ length: 5 }, () => ensureDatabase(server.url(), name)));
      assert.deepEqual(new Set(urls), new Set([server.url(name)]));
      assert.equal(await ask({ ...server, url: () => server.url(name) }, 'select current_database()'), name);
    }));
});

async function leaveLocks(text: string, port: number): Promise<void> {
  await writeFile(join(place().data, 'postmaster.pid'), text);
  if (place().socketDir !== '') await writeFile(join(place().socketDir, `.s.PGSQL.${port}.lock`), text);
}

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('a data directory with a long path goes without a socket', () => {
  assert.equal(placeOf(`/${'x'.repeat(80)}`, 'test').socketDir, `/${'x'.repeat(80)}/test`);
  assert.equal(placeOf(`/${'x'.repeat(90)}`, 'test').socketDir, '');
});

test('root starts it for a checkout that only root can enter', onlyRoot, async () => {
  const checkout = await mkdtemp(join(tmpdir(), 'postilion-checkout-'));
  assert.equal((await stat(checkout)).mode & 0o777, 0o700);
  const home = dataDirectory({ projectDir: checkout });
  try {
    const server = await startEmbedded({
      projectDir: checkout,
      name: 'main',
      onRunning: 'refuse',
      settings: throwAway,
    });
    assert.equal(server.dataDir, join(home, 'main'));
    assert.notEqual((await stat(server.dataDir)).uid, 0);
    assert.equal(await ask(server, 'select 1'), 1);
    await server.stop();
  } finally {
    await rm(home, { recursive: true, force: true });
    await rm(checkout, { recursive: true });
  }
});

test('two checkouts do not share data, and POSTILION_DATA_DIR decides before both', async () => {
  const checkouts = [await mkdtemp(join(tmpdir(), 'a-')), await mkdtemp(join(tmpdir(), 'a-'))];
  const [one, other] = checkouts.map((checkout) => dataDirectory({ projectDir: checkout }));
  assert.notEqual(one, other);
  assert.equal(dataDirectory({ projectDir: '/nowhere', dataDir: '/data' }), '/data');
  for (const checkout of checkouts) await rm(checkout, { recursive: true });
});

test('a data directory the server’s OS user can not enter is named in one line', onlyRoot, async () => {
  const closed = await mkdtemp(join(tmpdir(), 'postilion-closed-'));
  await assert.rejects(startEmbedded({ dataDir: closed, projectDir, name: 'main', onRunning: 'refuse' }), (error) => {
    assert.ok(error instanceof DatabaseUnusable);
    assert.match(
      error.message,
      /^PostgreSQL runs as the OS user "\w+", who may not enter \S+; set POSTILION_DATA_DIR .*$/,
    );
    assert.ok(error.message.includes(` ${closed};`));
    return true;
  });
  await rm(closed, { recursive: true });
});

test('a data directory that can not be created is named in one line', async () => {
  await assert.rejects(startEmbedded({ dataDir: '/proc/1/postilion', projectDir, name: 'main', onRunning: 'refuse' }), {
    name: 'DatabaseUnusable',
    message: /^the directory \/proc\/1\/postilion can not be created \(\w+\); set /,
  });
});

// As npm leaves it with --ignore-scripts and a umask of 077.
async function packageWithoutLinks(dir: string): Promise<string> {
  const bare = join(dir, 'package');
  await cp(installedPackage(), bare, { recursive: true, verbatimSymlinks: true });
  const listed = await readFile(join(bare, 'native', 'pg-symlinks.json'), 'utf8');
  for (const [, target = ''] of listed.matchAll(/"target":"([^"]+)"/g)) await rm(join(bare, target), { force: true });
  await chmod(join(bare, 'native', 'lib'), 0o700);
  return bare;
}

function runs(program: string, user: OsUser | undefined): string {
  return execFileSync(program, ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
}

test('binaries without their symlinks are made whole: in place where they can be, else in a copy', async () => {
  const dir = await temporaryDir();
  const bare = await packageWithoutLinks(dir);
  const homes = [join(dir, 'home')];
  if (!isRoot) await chmod(join(bare, 'native', 'lib'), 0o500);
  const copies = await Promise.all([prepareBinaries(bare, homes), prepareBinaries(bare, homes)]);
  assert.deepEqual(copies[0], copies[1]);
  assert.match(copies[0].postgres, /home\/postgresql-18[^/]+\/native\/bin\/postgres$/);
  assert.match(runs(copies[0].postgres, serverUser('/nonexistent')), /PostgreSQL\) 18/);
  await chmod(join(bare, 'native', 'lib'), 0o700);
  await rm(dir, { recursive: true });
});

test('where no directory can hold the copy, every one tried is named', onlyRoot, async () => {
  await assert.rejects(prepareBinaries(installedPackage(), ['/proc/1/a', '/proc/1/b']), {
    name: 'DatabaseUnusable',
    message: /can not be copied to \/proc\/1\/a or \/proc\/1\/b/,
  });
});
