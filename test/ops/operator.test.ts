// Promise: who is postilion_operator reads schema ops and repairs, and can do nothing else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ourSchemas } from '../../src/database/catalogue.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { one } from '../support/scene.ts';
import { aSoundScene } from './planted.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const refused = { code: '42501' };

/** A login that is a member of postilion_operator and nothing else; gone with the transaction. */
async function asALogin(db: Queryable): Promise<void> {
  await db.query('create role a_login_of_a_test login inherit in role postilion_operator');
  await db.query('set local session authorization a_login_of_a_test');
}

test('it may use schema ops and nothing else of ours, nor the jobs', async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select nspname as name from pg_namespace
      where has_schema_privilege('postilion_operator', oid, 'usage') and (nspname = any ($1) or nspname ~ '^(graphile|postilion|public)')`,
    [[...ourSchemas]],
  );
  assert.deepEqual(rows, [{ name: 'ops' }]);
});

test('it has no right to write anything, nor to read a table', async () => {
  const { rows } = await database.pool.query(
    `select c.oid::regclass::text as name, c.relkind
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where (n.nspname = any ($1) or n.nspname = 'graphile_worker') and c.relkind in ('r', 'p', 'v', 'm', 'S')
        and case when c.relkind = 'S' then has_sequence_privilege('postilion_operator', c.oid, 'usage, select, update')
                 else has_table_privilege('postilion_operator', c.oid, 'insert, update, delete, truncate')
                   or has_any_column_privilege('postilion_operator', c.oid, 'insert, update')
                   or (c.relkind <> 'v' and has_any_column_privilege('postilion_operator', c.oid, 'select')) end`,
    [[...ourSchemas]],
  );
  assert.deepEqual(rows, []);
});

test('of functions it reaches those of schema ops: those that read, and what repairs', async () => {
  const { rows } = await database.pool.query<{ name: string; volatile: boolean }>(
    `select p.proname as name, p.provolatile = 'v' as volatile from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = any ($1) and has_function_privilege('postilion_operator', p.oid, 'execute')
        and has_schema_privilege('postilion_operator', n.oid, 'usage') order by 2, 1`,
    [[...ourSchemas]],
  );
  assert.deepEqual(
    rows.filter(({ volatile }) => volatile).map(({ name }) => name),
    ['mend', 'repair'],
  );
  assert.deepEqual(
    rows.filter(({ volatile }) => !volatile).map(({ name }) => name),
    [
      'diagnose_task',
      'explain_sub_task',
      'read_consistency',
      'read_diagnosis',
      'read_health',
      'read_history',
      'read_plan',
      'read_report',
      'read_services',
      'read_top',
      'report_today',
    ],
  );
});

describe('a login that is a member of it', () => {
  test('reads every view and function', () =>
    withTransaction(database.pool, async (db) => {
      const { taskId } = await aSoundScene(db);
      const subTaskId = await one<string>(db, 'select id from app_public.sub_tasks limit 1');
      const { rows: views } = await db.query<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'ops'::regnamespace and c.relkind = 'v'`,
      );
      assert.equal(views.length, 9);
      await asALogin(db);
      for (const { name } of views) await db.query(`select * from ${name}`);
      await db.query('select * from ops.read_health()');
      await db.query('select ops.read_top()');
      await db.query(`select ops.read_report(ops.report_today('UTC') - 1, ops.report_today('UTC') - 1, 'UTC')`);
      await db.query('select * from ops.diagnose_task($1)', [taskId]);
      await db.query('select * from ops.explain_sub_task($1)', [subTaskId]);
    }));

  test('repairs, and the audit trail has its name', () =>
    withTransaction(database.pool, async (db) => {
      await aSoundScene(db);
      await db.query('update app_public.email_services set in_flight = 7');
      await asALogin(db);
      const { rows } = await db.query<{ what: string; hash: string }>('select what, hash from ops.read_plan()');
      assert.deepEqual(
        rows.map(({ what }) => what),
        ['slots', 'fold'].slice(0, rows.length),
      );
      await db.query(`select ops.mend('slots', $1)`, [rows[0]?.hash]);
      await db.query('reset session authorization');
      assert.equal(await one(db, 'select actor from app_hidden.repairs'), 'a_login_of_a_test');
    }));

  for (const statement of [
    'select * from app_public.tasks',
    'select * from app_public.sub_task_mails',
    'select * from app_hidden.repairs',
    'select * from app_private.email_service_credentials',
    'select app_public.stop_sending()',
    'select app_private.reap_leases()',
    'select app_hidden.service_rows()',
    `select app_hidden.carry_out('wake', '{}', '')`,
    'select * from graphile_worker.jobs',
    'insert into ops.queue_overview values (1)',
    'create table ops.mine ()',
  ])
    test(`is refused: ${statement}`, () =>
      withTransaction(database.pool, async (db) => {
        await asALogin(db);
        await assert.rejects(db.query(statement), (error: { code: string }) => ['42501', '55000'].includes(error.code));
      }));

  test('and can not lend itself more by temporary tables of the same name', () =>
    withTransaction(database.pool, async (db) => {
      await aSoundScene(db);
      await asALogin(db);
      await db.query('create temporary table tasks (id uuid)');
      await db.query('create temporary table email_services (id uuid)');
      await db.query('set local search_path to pg_temp, ops');
      assert.equal(await one(db, 'select count(*) from ops.task_status'), '1');
    }));
});

test('nobody else reads schema ops', async () => {
  await withTransaction(database.pool, async (db) => {
    for (const role of [
      'postilion_visitor',
      'postilion_user',
      'postilion_admin',
      'postilion_worker',
      'postilion_authenticator',
    ]) {
      await db.query('savepoint before');
      await db.query(`set local role ${role}`);
      await assert.rejects(db.query('select * from ops.queue_overview'), refused);
      await db.query('rollback to before');
    }
  });
});
