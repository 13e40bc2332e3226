// Promise: /readyz says whether a process can do its work, and if not, why.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { z } from 'zod';
import { createPool } from '../../src/database/pool.ts';
import { databaseHindrance } from '../../src/database/readiness.ts';
import { startTestServer } from '../server/support.ts';
import { createBareDatabase, createTestDatabase } from '../support/database.ts';

const readiness = z.strictObject({ ok: z.boolean(), reason: z.string().optional() });

const newest =
  'delete from postilion_migrations.migrations where name = (select max(name) from postilion_migrations.migrations)';

test('a database that nothing was done to', async () => {
  const { pool, close } = await createBareDatabase();
  assert.equal(await databaseHindrance(pool), 'the database was not migrated: postilion migrate');
  await close();
});

test('one that is behind, and one that is ahead', async () => {
  const { pool, close } = await createTestDatabase();
  assert.equal(await databaseHindrance(pool), null);
  await pool.query(
    `insert into postilion_migrations.migrations (name, run_on) values ('9999_of_a_newer_version', now())`,
  );
  assert.equal(await databaseHindrance(pool), null);
  await pool.query(newest);
  await pool.query(newest);
  assert.match((await databaseHindrance(pool)) ?? '', /^the database lacks \d{4}_\w+: postilion migrate$/);
  await close();
});

test('one that is away', async () => {
  const pool = createPool({
    connectionString: 'postgres://127.0.0.1:1/nothing',
    applicationName: 'postilion test',
    max: 1,
  });
  assert.equal(await databaseHindrance(pool), 'the database does not answer (ECONNREFUSED)');
  await pool.end();
});

suite('of a server', async () => {
  const { server, pool } = await startTestServer();

  test('ready, and then behind: it lives all the same', async () => {
    const ask = async (path: string) => {
      const answer = await fetch(server.url + path);
      return { status: answer.status, ...readiness.parse(await answer.json()) };
    };
    assert.deepEqual(await ask('/readyz'), { status: 200, ok: true });
    await pool.query(newest);
    const { status, ok, reason } = await ask('/readyz');
    assert.deepEqual([status, ok], [503, false]);
    assert.match(reason ?? '', /^the database lacks /);
    assert.deepEqual(await ask('/healthz'), { status: 200, ok: true });
  });

  test('where no token is set its own port shows no metrics', async () => {
    assert.equal((await fetch(`${server.url}/metrics`)).status, 401);
  });
});
