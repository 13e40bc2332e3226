// Promise: whatever a database held and however many migrate it at once, it ends with exactly what the files say.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createdFunctions } from '../../src/database/migrate/function_files.ts';
import { type Migrated, MigrationFailed, migrate } from '../../src/database/migrate.ts';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';

/** SQL files of the test's own, and a database they are for. */
interface Project {
  db: TestDatabase;
  dirs: { migrationsDir: string; functionsDir: string };
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  migrate(): Promise<Migrated>;
  /** The functions of schema s. */
  functions(): Promise<string[]>;
  ask(sql: string): Promise<unknown>;
}

const roles = `
create schema s;
do $$ begin
  create role postilion_worker nologin;
exception when duplicate_object or unique_violation then null;
end $$;
create schema graphile_worker authorization postilion_worker;`;

async function withProject(work: (project: Project) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'postilion-migrate-'));
  const db = await createBareDatabase();
  try {
    const project = projectIn(dir, db);
    await project.write('migrations/0001_roles.sql', roles);
    await mkdir(join(dir, 'functions'));
    await work(project);
  } finally {
    await db.close();
    await rm(dir, { recursive: true });
  }
}

function projectIn(dir: string, db: TestDatabase): Project {
  const dirs = { migrationsDir: join(dir, 'migrations'), functionsDir: join(dir, 'functions') };
  const ask = async (sql: string) => Object.values((await db.pool.query(sql)).rows[0] ?? {})[0];
  return {
    db,
    dirs,
    ask,
    async write(path, text) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    },
    remove: (path) => rm(join(dir, path)),
    migrate: () => migrate({ url: db.url, ...dirs }),
    async functions() {
      const { rows } = await db.pool.query<{ f: string }>(
        "select oid::regprocedure::text as f from pg_proc where pronamespace = 's'::regnamespace order by 1",
      );
      return rows.map(({ f }) => f);
    },
  };
}

const answer = (result: string, body: string) =>
  `create or replace function s.answer() returns ${result} language sql stable as $$ ${body} $$;`;

test('ten processes at once: each change is made once, and all of them succeed', () =>
  withProject(async ({ db, dirs, write, ask, functions }) => {
    await write('migrations/0002_table.sql', 'create table s.t (id int); insert into s.t values (1);');
    await write('functions/answer.sql', answer('int', 'select 1'));
    const children = Array.from({ length: 10 }, () => migrator(db.url, Object.values(dirs)));
    await Promise.all(children.map((child) => once(child, 'message')));
    const reports = await Promise.all(children.map(async (child) => reportOf(child)));
    const changed = reports.filter(({ migrations, functions }) => migrations.length + functions.length > 0);
    assert.deepEqual(changed, [{ migrations: ['0001_roles', '0002_table'], functions: ['answer.sql'] }]);
    assert.equal(await ask('select count(*)::int from s.t'), 1);
    assert.deepEqual(await functions(), ['s.answer()']);
  }));

function migrator(...args: [string, string[]]): ChildProcess {
  return fork(join(import.meta.dirname, '../support/migrate_once.ts'), args.flat());
}

async function reportOf(child: ChildProcess): Promise<Migrated> {
  const exit = once(child, 'exit');
  child.send('go');
  const [report] = await once(child, 'message');
  assert.deepEqual(await exit, [0, null]);
  return report;
}

test('the real files: a second run changes nothing, and graphile-worker belongs to the worker’s role alone', async () => {
  const db = await createTestDatabase();
  try {
    assert.deepEqual(await migrate({ url: db.url }), { migrations: [], functions: [] });
    const { rows } = await db.pool.query(
      `select pg_get_userbyid(c.relowner) as owner, has_database_privilege('postilion_worker', current_database(), 'create') as may_create
         from pg_class c where c.oid = 'graphile_worker._private_jobs'::regclass`,
    );
    assert.deepEqual(rows, [{ owner: 'postilion_worker', may_create: false }]);
  } finally {
    await db.close();
  }
});

test('functions of the release before go on between the migrations and the new functions: the phase of a mail follows its status until they write it', () =>
  withProject(async ({ db, dirs, ask }) => {
    const { functionsDir } = dirs;
    await migrate({ url: db.url, functionsDir });
    // By statements as those functions had them, which know of no phase. Nothing but its own row is looked at: what it refers to need not be there.
    const foreign = await db.pool.query<{ name: string }>(
      `select conname as name from pg_constraint where conrelid = 'app_public.sub_tasks'::regclass and contype = 'f'`,
    );
    for (const { name } of foreign.rows)
      await db.pool.query(`alter table app_public.sub_tasks drop constraint ${name}`);
    await db.pool.query(
      `insert into app_public.sub_tasks (id, task_id, status) select gen_random_uuid(), gen_random_uuid(), 'pending' from generate_series(1, 2)`,
    );
    const phases = new Map<unknown, unknown>();
    const { rows } = await db.pool.query<{ status: string }>(
      'select unnest(enum_range(null::app_public.sub_task_status)) as status',
    );
    for (const { status } of rows) {
      await db.pool.query('update app_public.sub_tasks set status = $1', [status]);
      phases.set(status, await ask(`select string_agg(distinct phase::text, ' ') from app_public.sub_tasks`));
    }
    assert.deepEqual(Object.fromEntries(phases), {
      pending: 'waiting',
      allocated: 'under_way',
      sending: 'under_way',
      uncertain: 'in_doubt',
      failed: 'failed',
      sent: 'over',
      delivered: 'over',
      opened: 'over',
      clicked: 'over',
      bounced: 'over',
      cancelled: 'over',
    });
    await db.pool.query(
      `insert into app_public.sub_tasks (id, task_id, status) values (gen_random_uuid(), gen_random_uuid(), 'failed')`,
    );
    assert.equal(await ask(`select phase from app_public.sub_tasks where status = 'failed'`), 'failed');
    await db.pool.query(`update app_public.sub_tasks set status = 'pending'`);

    await migrate({ url: db.url });
    await assert.rejects(db.pool.query(`update app_public.sub_tasks set status = 'cancelled', cancelled_at = now()`), {
      code: '23514',
    });
    await db.pool.query(`update app_public.sub_tasks set status = 'cancelled', phase = 'over', cancelled_at = now()`);
    assert.equal(await ask(`select to_regprocedure('app_hidden.tg_sub_tasks__follow_status()')`), null);
  }));

test('a changed function is applied, alone', () =>
  withProject(async ({ write, migrate, ask }) => {
    await write('functions/answer.sql', answer('int', 'select 1'));
    await write(
      'functions/deep/down/other.sql',
      'create or replace function s.other() returns int language sql as $$ select 2 $$;',
    );
    assert.deepEqual((await migrate()).functions, ['answer.sql', 'deep/down/other.sql']);
    await write('functions/answer.sql', answer('int', 'select 42'));
    assert.deepEqual(await migrate(), { migrations: [], functions: ['answer.sql'] });
    assert.equal(await ask('select s.answer()'), 42);
    assert.deepEqual(await migrate(), { migrations: [], functions: [] });
  }));

test('functions may need each other in any order, and tables of the same run', () =>
  withProject(async ({ write, migrate, ask }) => {
    await write(
      'functions/a.sql',
      'create or replace function s.a() returns int language sql as $$ select s.b() from s.t $$;',
    );
    await write(
      'functions/b.sql',
      'create or replace function s.b() returns int language sql as $$ select s.c(v) from s.t v $$;',
    );
    await write(
      'functions/c.sql',
      'create or replace function s.c(p_t s.t) returns int language sql as $$ select p_t.id $$;',
    );
    await write('migrations/0002_t.sql', 'create table s.t (id int); insert into s.t values (7);');
    assert.deepEqual((await migrate()).migrations, ['0001_roles', '0002_t']);
    assert.equal(await ask('select s.a()'), 7);
  }));

test('a new signature, return type, parameter name or kind leaves nothing of the old', () =>
  withProject(async ({ write, migrate, functions, ask }) => {
    const signatures = [
      ['function s.f(p_a int) returns int language sql as $$ select 1 $$', 's.f(integer)'],
      ['function s.f(p_a int, p_b text default null) returns int language sql as $$ select 2 $$', 's.f(integer,text)'],
      ['function s.f(p_a int, p_c text) returns int language sql as $$ select 3 $$', 's.f(integer,text)'],
      ['function s.f(p_a int, p_c text) returns text language sql as $$ select 4::text $$', 's.f(integer,text)'],
      ['procedure s.f(p_a int, p_c text) language sql as $$ select 5 $$', 's.f(integer,text)'],
    ];
    for (const [created, signature = ''] of signatures) {
      await write('functions/f.sql', `create or replace ${created};\ncomment on routine ${signature} is 'new';`);
      assert.deepEqual((await migrate()).functions, ['f.sql']);
      assert.deepEqual(await functions(), [signature]);
      assert.equal(await ask("select obj_description(oid) from pg_proc where pronamespace = 's'::regnamespace"), 'new');
    }
  }));

test('a function that something depends on is not dropped: what depends on it is named, and nothing has changed', () =>
  withProject(async ({ write, migrate, ask }) => {
    await write('functions/answer.sql', answer('int', 'select 1'));
    await migrate();
    await ask('create view s.v as select s.answer()');
    await write('functions/answer.sql', answer('text', "select 'new'"));
    await write('functions/new.sql', 'create or replace function s.new() returns int language sql as $$ select 1 $$;');
    await assert.rejects(migrate(), /answer\.sql.*\(2BP01\); view s\.v depends on function s\.answer\(\)/);
    assert.equal(await ask('select s.answer()'), 1);
    assert.equal(await ask("select to_regproc('s.new')"), null);
  }));

test('a trigger’s function is replaced in place', () =>
  withProject(async ({ write, migrate, ask }) => {
    const trigger = (value: number) =>
      `create or replace function s.tg_t__fill() returns trigger language plpgsql as $$ begin new.id := ${value}; return new; end $$;
       create or replace trigger fill before insert on s.t for each row execute function s.tg_t__fill();`;
    await write('migrations/0002_t.sql', 'create table s.t (id int);');
    await write('functions/tg_t__fill.sql', trigger(1));
    await migrate();
    await write('functions/tg_t__fill.sql', trigger(2));
    await migrate();
    assert.equal(await ask('insert into s.t values (0) returning id'), 2);
  }));

test('a file that disappeared takes its function along; one that moved does not', () =>
  withProject(async ({ write, remove, migrate, functions, ask }) => {
    await write(
      'functions/gone.sql',
      'create or replace function s.gone(p_a s.mood) returns int language sql as $$ select 1 $$;',
    );
    await write('functions/old.sql', answer('int', 'select 1'));
    await write('migrations/0002_mood.sql', "create type s.mood as enum ('good');");
    await migrate();
    await ask('create view s.v as select s.answer()');
    await remove('functions/gone.sql');
    await remove('functions/old.sql');
    await write('functions/moved/answer.sql', answer('int', 'select 1'));
    assert.deepEqual((await migrate()).functions, ['moved/answer.sql', 'gone.sql', 'old.sql']);
    assert.deepEqual(await functions(), ['s.answer()']);
    assert.deepEqual(await migrate(), { migrations: [], functions: [] });
  }));

test('a mistake is told with its file, line and reason', () =>
  withProject(async ({ write, remove, migrate }) => {
    await write(
      'functions/queue/wrong.sql',
      '-- why\ncreate or replace function s.wrong() returns int\nlanguage sql as $$\n  select nothing\n$$;',
    );
    await assert.rejects(migrate(), (error) => {
      assert.ok(error instanceof MigrationFailed);
      assert.match(error.message, /functions\/queue\/wrong\.sql:4: column "nothing" does not exist \(42703\)$/);
      return true;
    });
    await remove('functions/queue/wrong.sql');
    await write('migrations/0002_wrong.sql', 'create table s.t (id int);\n\ncreate tabel s.u ();');
    await write('migrations/0003_after.sql', 'select 1;');
    await assert.rejects(migrate(), /migrations\/0002_wrong\.sql:3: syntax error at or near "tabel" \(42601\)$/);
    await write('migrations/0002_wrong.sql', 'create table s.t (id int);');
    assert.deepEqual((await migrate()).migrations, ['0002_wrong', '0003_after']);
  }));

test('two files that create one function are refused', () =>
  withProject(async ({ write, migrate }) => {
    await write('functions/a.sql', answer('int', 'select 1'));
    await write('functions/b.sql', answer('int', 'select 2'));
    await assert.rejects(migrate(), /a\.sql and \S+b\.sql both create s\.answer$/);
  }));

test('created functions are found in code only', () => {
  const text = `
    -- create function s.comment()
    /* create function s.block() */
    CREATE OR REPLACE FUNCTION S.One(p_a int) returns void language plpgsql as $body$
    begin execute 'create function s.inner()'; execute $$ create function s.deep() $$; end $body$;
    create procedure s.two () language sql as $$ create function s.body() $$;`;
  assert.deepEqual(createdFunctions(text), ['s.one', 's.two']);
});
