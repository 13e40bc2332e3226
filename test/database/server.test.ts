// Promise: a database that can not be used is refused at the start, in one line that says what to do and holds no password.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { withDatabase } from '../../src/database/pool.ts';
import { DatabaseUnusable, type Facts, faultOf, openServer } from '../../src/database/server.ts';
import { temporaryDir } from '../support/cluster.ts';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';

let bare: TestDatabase;
before(async () => {
  bare = await createBareDatabase();
});
after(() => bare.close());

async function refusal(url: string): Promise<string> {
  try {
    await openServer({ DATABASE_URL: url });
  } catch (error) {
    assert.ok(error instanceof DatabaseUnusable);
    assert.doesNotMatch(error.message, /\n|hidden/);
    return error.message;
  }
  assert.fail('the server was found fit');
}

/** Runs `work` with the bare database's address for a role of its own. */
async function asRole(attributes: string, work: (url: string, role: string) => Promise<void>): Promise<void> {
  const role = `postilion_test_role_${process.pid}`;
  await bare.pool.query(`create role ${role} password 'hidden' ${attributes}`);
  try {
    const url = new URL(bare.url);
    Object.assign(url, { username: role, password: 'hidden' });
    await work(url.href, role);
  } finally {
    await bare.pool.query(`drop owned by ${role}; drop role ${role}`);
  }
}

test('a server that is fit is used as it is', async () => {
  const server = await openServer({ DATABASE_URL: bare.url });
  assert.deepEqual([server.url, server.embedded], [bare.url, false]);
  await server.stop();
});

test('a database can be chosen on the server of DATABASE_URL', async () => {
  const other = await createTestDatabase();
  const database = new URL(other.url).pathname.slice(1);
  assert.equal((await openServer({ DATABASE_URL: bare.url }, { database })).url, other.url);
  await other.close();
});

test('a database that does not exist: how to create it', async () => {
  const { hostname, port, username } = new URL(bare.url);
  const overTcp = new URL(withDatabase(bare.url, 'no_such'));
  overTcp.searchParams.delete('host');
  assert.equal(
    await refusal(overTcp.href),
    `the database "no_such" does not exist on ${hostname}:${port}; create it with: createdb -h ${hostname} -p ${port} -U ${username} no_such`,
  );
});

test('nobody answers: where we knocked', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await new Promise((done) => server.close(done));
  assert.equal(
    await refusal(`postgres://someone:hidden@127.0.0.1:${port}/x`),
    `no PostgreSQL answers at 127.0.0.1:${port} (ECONNREFUSED); start it, or mend DATABASE_URL`,
  );
});

test('a role that may not log in: which one', () =>
  asRole('nologin', async (url, role) => {
    assert.match(await refusal(url), new RegExp(`refuses to log in the role "${role}"; mend the user or the password`));
  }));

test('a role that may not create schemas: what to grant', () =>
  asRole('login', async (url, role) => {
    const database = new URL(bare.url).pathname.slice(1);
    assert.equal(
      await refusal(url),
      `the role "${role}" may not create schemas in the database "${database}"; as its owner run: grant create on database "${database}" to "${role}"`,
    );
    await bare.pool.query(`grant create on database ${database} to ${role}`);
    await openServer({ DATABASE_URL: url });
  }));

test('something that is not an address at all', async () => {
  assert.match(await refusal('localhost'), /^DATABASE_URL is not an address like postgres:/);
});

const fit: Facts = {
  version: 150_000,
  database: 'd',
  role: 'r',
  mayCreateSchemas: true,
  mayCreateRoles: true,
  missingRoles: ['postilion_worker'],
};

test('versions from 15 on are fit, older ones are named', () => {
  assert.equal(faultOf(fit), undefined);
  assert.equal(faultOf({ ...fit, version: 180_004 }), undefined);
  assert.equal(faultOf({ ...fit, version: 140_018 }), 'the server runs PostgreSQL 14; Postilion needs 15 or newer');
  assert.equal(faultOf({ ...fit, version: 90_624 }), 'the server runs PostgreSQL 9.6; Postilion needs 15 or newer');
});

test('roles must exist, or the role be able to create them', () => {
  assert.equal(faultOf({ ...fit, mayCreateRoles: false, missingRoles: [] }), undefined);
  assert.equal(
    faultOf({ ...fit, mayCreateRoles: false }),
    'the role "r" may not create the roles Postilion needs (postilion_worker); as a superuser run: alter role "r" createrole',
  );
});

test('without DATABASE_URL the embedded server is started, and a second process attaches to it', async () => {
  const dir = await temporaryDir();
  const config = { POSTILION_DATA_DIR: dir };
  const first = await openServer(config);
  const second = await openServer(config, { database: 'other' });
  assert.deepEqual([first.embedded, new URL(first.url).pathname], [true, '/postilion']);
  assert.equal(withDatabase(second.url, 'postilion'), first.url);
  await second.stop();
  await first.stop();
  await rm(dir, { recursive: true });
});
