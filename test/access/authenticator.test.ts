// Promise: the role the server connects as begins sessions, finds out who asks, and may nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { publicFault } from '../../src/server/errors.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aWorkspace } from '../support/scene.ts';
import { aMember, as } from './scene.ts';
import { aHash, aUser, claimsOf, passwordHash, refreshed, signedIn } from './support.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db.close());

test('it begins a session, refreshes and ends it', () =>
  withTransaction(db.pool, async (sql) => {
    await sql.query('set local role postilion_authenticator');
    const userId = await aUser(sql, { email: 'person@example.com' });
    const { rows } = await sql.query('select * from app_private.begin_sign_in($1, $2)', ['person@example.com', null]);
    assert.deepEqual(rows, [{ user_id: userId, password_hash: passwordHash }]);
    const [refresh, next] = [aHash(), aHash()];
    const { session_id } = await signedIn(sql, userId, refresh);
    assert.deepEqual((await refreshed(sql, refresh, next))?.user_id, userId);
    await sql.query('select app_private.end_session($1)', [session_id]);
    assert.equal(await claimsOf(sql, session_id), undefined);
  }));

test('it reaches no table', () =>
  withTransaction(db.pool, async (sql) => {
    const { rows } = await sql.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
        where c.relnamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace, 'app_private'::regnamespace) and c.relkind in ('r', 'p', 'v')
          and has_any_column_privilege('postilion_authenticator', c.oid, 'select, insert, update')`,
    );
    assert.deepEqual(rows, []);
  }));

test('it executes nothing that is for clients or workers', () =>
  withTransaction(db.pool, async (sql) => {
    const { rows } = await sql.query<{ name: string }>(
      `select p.oid::regprocedure::text as name from pg_proc p
        where p.pronamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace, 'app_private'::regnamespace)
          and has_function_privilege('postilion_authenticator', p.oid, 'execute')
          and (p.pronamespace <> 'app_private'::regnamespace or has_function_privilege('postilion_user', p.oid, 'execute')
               or has_function_privilege('postilion_worker', p.oid, 'execute'))`,
    );
    assert.deepEqual(rows, []);
  }));

test('what a member was not granted, and a row that a policy keeps out, is FRBDN, without a word of where', () =>
  withTransaction(db.pool, async (sql) => {
    const [here, there] = [await aWorkspace(sql), await aWorkspace(sql)];
    const member = {
      name: 'member',
      databaseRole: 'postilion_user',
      userId: await aMember(sql, here, 'editor'),
    } as const;
    const refused = [
      'select base_url from app_public.email_services',
      'select app_public.stop_sending()',
      `insert into app_public.senders (workspace_id, name) values ('${there}', 'news')`,
    ];
    for (const text of refused) {
      const error = await as(sql, member, () => sql.query(text)).catch((error: unknown) => error);
      assert.deepEqual(publicFault(error), {
        code: 'FRBDN',
        message: 'your role may not do that',
        field: null,
        status: 403,
      });
    }
  }));
