// Promise: members are managed by managers, users by admins, and neither a workspace nor the installation loses its last one by accident.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aWorkspace, one } from '../support/scene.ts';
import { type Asker, aMember, as, become, join } from './scene.ts';
import { aHash, aUser, claimsOf, type Role, refreshed, signedIn } from './support.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db.close());

const inTransaction = (work: (sql: Queryable) => Promise<void>) => () => withTransaction(db.pool, work);

const user = (userId: string): Asker => ({ name: 'user', databaseRole: 'postilion_user', userId });
const admin = (userId: string): Asker => ({ name: 'admin', databaseRole: 'postilion_admin', userId });

const setRole = (sql: Queryable, workspaceId: string, userId: string, role: Role) =>
  sql.query('select app_public.set_member_role($1, $2, $3)', [workspaceId, userId, role]);

test(
  'a manager adds a user by address, once',
  inTransaction(async (sql) => {
    const workspaceId = await aWorkspace(sql);
    const manager = user(await aMember(sql, workspaceId, 'manager'));
    const added = await aUser(sql, { email: 'new@example.com' });
    await become(sql, manager);
    const add = (email: string) =>
      one<string>(sql, `select user_id from app_public.add_member($1, $2, 'editor')`, [workspaceId, email]);
    assert.equal(await add('New@example.com'), added);
    const refusals = ['nobody@example.com', 'new@example.com'];
    for (const email of refusals) {
      await sql.query('savepoint add');
      await assert.rejects(add(email), { code: 'BADIN', message: /^email: / });
      await sql.query('rollback to savepoint add');
    }
  }),
);

test(
  'the last manager of a workspace can not cease to be one, unless an admin says so',
  inTransaction(async (sql) => {
    const workspaceId = await aWorkspace(sql);
    const [first, second] = [
      await aMember(sql, workspaceId, 'manager'),
      await aMember(sql, workspaceId, 'manager'),
    ] as const;
    await as(sql, user(first), () => setRole(sql, workspaceId, first, 'viewer'));
    await sql.query('delete from app_public.memberships where user_id = $1', [second]);
    const remove = () => sql.query('select app_public.remove_member($1, $2)', [workspaceId, first]);
    await assert.rejects(
      as(sql, user(first), () => setRole(sql, workspaceId, first, 'viewer')),
      { code: 'FRBDN' },
    );
    await assert.rejects(as(sql, user(first), remove), { code: 'FRBDN' });
    await as(sql, admin(await aUser(sql, { isAdmin: true })), remove);
  }),
);

test('of two managers who demote each other at once, one stays', async () => {
  const workspaceId = await aWorkspace(db.pool);
  const managers = [await aMember(db.pool, workspaceId, 'manager'), await aMember(db.pool, workspaceId, 'manager')];
  const demote = async (by: string, whom: string) => {
    const client = await db.pool.connect();
    try {
      await client.query('begin');
      await become(client, user(by));
      await setRole(client, workspaceId, whom, 'viewer');
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };
  const [a = '', b = ''] = managers;
  await Promise.allSettled([demote(a, b), demote(b, a)]);
  assert.equal(
    await one(
      db.pool,
      `select count(*)::integer from app_public.memberships where workspace_id = $1 and role = 'manager'`,
      [workspaceId],
    ),
    1,
  );
});

test(
  'what was taken away ends with the next statement',
  inTransaction(async (sql) => {
    const workspaceId = await aWorkspace(sql);
    const member = user(await aMember(sql, workspaceId, 'viewer'));
    const sees = () => as(sql, member, () => one<number>(sql, 'select count(*)::integer from app_public.workspaces'));
    assert.equal(await sees(), 1);
    await sql.query('update app_public.users set is_disabled = true where id = $1', [member.userId]);
    assert.equal(await sees(), 0);
    await sql.query('update app_public.users set is_disabled = false');
    await sql.query('delete from app_public.memberships where user_id = $1', [member.userId]);
    assert.equal(await sees(), 0);
  }),
);

test(
  'a disabled user is out at once, and has to sign in again when let in',
  inTransaction(async (sql) => {
    const id = await aUser(sql);
    const refresh = aHash();
    const { session_id } = await signedIn(sql, id, refresh);
    await sql.query('select app_public.set_user_disabled($1, true)', [id]);
    assert.equal(await claimsOf(sql, session_id), undefined);
    await sql.query('select app_public.set_user_disabled($1, false)', [id]);
    assert.equal(await claimsOf(sql, session_id), undefined);
    assert.equal(await refreshed(sql, refresh, aHash()), undefined);
  }),
);

test(
  'the last admin can neither be disabled nor cease to be one',
  inTransaction(async (sql) => {
    await sql.query('update app_public.users set is_admin = false');
    const [first, second] = [await aUser(sql, { isAdmin: true }), await aUser(sql, { isAdmin: true })];
    await sql.query('select app_public.set_user_disabled($1, true)', [second]);
    for (const call of ['set_user_disabled($1, true)', 'set_user_admin($1, false)']) {
      await sql.query('savepoint last');
      await assert.rejects(sql.query(`select app_public.${call}`, [first]), { code: 'BADIN', message: /^userId: / });
      await sql.query('rollback to savepoint last');
    }
    await sql.query('select app_public.set_user_admin($1, false)', [second]);
  }),
);

test(
  'who is in two workspaces has in each the role of that one',
  inTransaction(async (sql) => {
    const [here, there] = [await aWorkspace(sql), await aWorkspace(sql)];
    const id = await aMember(sql, here, 'editor');
    await join(sql, there, id, 'viewer');
    const insert = (workspaceId: string) =>
      as(sql, user(id), () =>
        sql.query(`insert into app_public.senders (workspace_id, name) values ($1, 'news')`, [workspaceId]),
      );
    await insert(here);
    await assert.rejects(insert(there), { code: '42501' });
  }),
);
