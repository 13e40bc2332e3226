// Promise: a Contact belongs to a workspace that there is, whoever adds or deletes what at the same moment; without the price of a foreign key.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aWorkspace, one } from '../support/scene.ts';
import { waiting } from '../verbs/support.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const add = (db: Queryable, workspaceId: string, email: string) =>
  one<string>(db, 'insert into app_public.contacts (workspace_id, email) values ($1, $2) returning id', [
    workspaceId,
    email,
  ]);
const count = (workspaceId: string) =>
  one<number>(database.pool, 'select count(*)::integer from app_public.contacts where workspace_id = $1', [
    workspaceId,
  ]);

test('no Contact without its workspace, alone or among others', async () => {
  const workspaceId = await aWorkspace(database.pool);
  const refused = { code: '23503', constraint: 'contacts_workspace_id_fkey' };
  await assert.rejects(add(database.pool, nobody, 'a@example.com'), refused);
  await assert.rejects(
    database.pool.query(
      `insert into app_public.contacts (workspace_id, email) values ($1, 'a@example.com'), ($2, 'a@example.com')`,
      [workspaceId, nobody],
    ),
    refused,
  );
  assert.equal(await count(workspaceId), 0);
});

test('a Contact stays in its workspace', async () => {
  const [here, there] = [await aWorkspace(database.pool), await aWorkspace(database.pool)];
  const id = await add(database.pool, here, 'a@example.com');
  const move = (workspaceId: string) =>
    database.pool.query('update app_public.contacts set workspace_id = $2 where id = $1', [id, workspaceId]);
  await assert.rejects(move(there), { code: 'BADIN', message: /^workspaceId: / });
  await move(here);
});

test('Contacts go with their workspace, and only with theirs', async () => {
  const [here, there] = [await aWorkspace(database.pool), await aWorkspace(database.pool)];
  for (const workspaceId of [here, there]) await add(database.pool, workspaceId, 'a@example.com');
  await database.pool.query('select app_public.delete_workspace($1)', [here]);
  assert.deepEqual([await count(here), await count(there)], [0, 1]);
});

test('a delete waits for who adds Contacts, and takes these along', async () => {
  const workspaceId = await aWorkspace(database.pool);
  const adding = await database.pool.connect();
  try {
    await adding.query('begin');
    await add(adding, workspaceId, 'a@example.com');
    const deleted = database.pool.query('select app_public.delete_workspace($1)', [workspaceId]);
    await eventually(
      () => waiting(database.pool),
      (clients) => clients === 1,
    );
    await adding.query('commit');
    await deleted;
  } finally {
    await adding.query('rollback').finally(() => adding.release());
  }
  assert.equal(await count(workspaceId), 0);
});

test('who adds Contacts waits for a delete, and is refused', async () => {
  const workspaceId = await aWorkspace(database.pool);
  const deleting = await database.pool.connect();
  try {
    await deleting.query('begin');
    await deleting.query('select app_public.delete_workspace($1)', [workspaceId]);
    const added = assert.rejects(add(database.pool, workspaceId, 'a@example.com'), { code: '23503' });
    await eventually(
      () => waiting(database.pool),
      (clients) => clients === 1,
    );
    await deleting.query('commit');
    await added;
  } finally {
    await deleting.query('rollback').finally(() => deleting.release());
  }
});

test('small letters are those of the database, in an order of bytes', async () => {
  const workspaceId = await aWorkspace(database.pool);
  const id = await add(database.pool, workspaceId, '  ÄRA@Example.com ');
  const email = await one<string>(database.pool, 'select email from app_public.contacts where id = $1', [id]);
  assert.equal(email, await one<string>(database.pool, `select lower('ÄRA@Example.com')`));
});
