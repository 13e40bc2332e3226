// Promise: what a migration would lock is known before, and a table that is in use never has others queue up behind a migration.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { migrate, planMigration } from '../../src/database/migrate.ts';
import { createBareDatabase, type TestDatabase } from '../support/database.ts';

interface Project {
  readonly db: TestDatabase;
  readonly at: { url: string; migrationsDir: string; functionsDir: string };
  write(path: string, text: string): Promise<void>;
}

const first = `
create schema app_public;
create table app_public.things (id int);
create table app_public.others (id int);
do $$ begin
  create role postilion_worker nologin;
exception when duplicate_object or unique_violation then null;
end $$;
create schema graphile_worker authorization postilion_worker;`;
const triggered = `
create or replace function app_public.tg() returns trigger language plpgsql as $$ begin return new; end; $$;
create or replace trigger t after insert on app_public.others for each row execute function app_public.tg();`;

async function withProject(work: (project: Project) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'postilion-plan-'));
  const db = await createBareDatabase();
  const at = { url: db.url, migrationsDir: join(dir, 'migrations'), functionsDir: join(dir, 'functions') };
  try {
    await Promise.all([mkdir(at.migrationsDir), mkdir(at.functionsDir)]);
    const write = (path: string, text: string) => writeFile(join(dir, path), text);
    await write('migrations/0001_first.sql', first);
    await work({ db, at, write });
  } finally {
    await db.close();
    await rm(dir, { recursive: true });
  }
}

test('a plan names the tables, and changes nothing', () =>
  withProject(async ({ db, at, write }) => {
    await migrate(at);
    await write(
      'migrations/0002_column.sql',
      'alter table app_public.things add column b int; create table app_public.new (id int);',
    );
    await write('functions/tg.sql', triggered);
    const plan = await planMigration(at);
    const locked = ({ table, mode, leaves }: { table: string; mode: string; leaves: string }) =>
      `${table} ${mode}: ${leaves}`;
    assert.deepEqual(
      plan.migrations.map(({ file, locks }) => [file, ...locks.map(locked)]),
      [['0002_column', 'app_public.things AccessExclusiveLock: nothing']],
    );
    assert.deepEqual(plan.functions.files, ['tg.sql']);
    assert.deepEqual(plan.functions.locks.map(locked), ['app_public.others ShareRowExclusiveLock: reading']);
    const { rows } = await db.pool.query(
      "select attname from pg_attribute where attrelid = 'app_public.things'::regclass and attnum > 0",
    );
    assert.equal(rows.length, 1);
    assert.deepEqual((await planMigration(at)).migrations.length, 1);
    await migrate(at);
    assert.deepEqual(await planMigration(at), { migrations: [], functions: { files: [], locks: [] } });
  }));

test('of a new database: everything, and nobody to wait', () =>
  withProject(async ({ at }) => {
    assert.deepEqual(await planMigration(at), {
      migrations: [{ file: '0001_first', locks: [] }],
      functions: { files: [], locks: [] },
    });
  }));

test('a table in use: a plan says so; a migration lets others pass, and is done when the table is free', () =>
  withProject(async ({ db, at, write }) => {
    await migrate(at);
    await write('migrations/0002_column.sql', 'alter table app_public.things add column b int;');
    const report = await db.pool.connect();
    await report.query('begin; select from app_public.things');
    await assert.rejects(planMigration(at), { code: '55P03' });
    const waited = Promise.withResolvers<string>();
    const migrating = migrate({ ...at, log: (line) => line.includes('trying again') && waited.resolve(line) });
    const line = await waited.promise;
    assert.match(line, /0002_column\.sql.*lock timeout.*; trying again/);
    assert.equal((await db.pool.query('select from app_public.things')).rowCount, 0);
    await report.query('rollback');
    report.release();
    assert.deepEqual((await migrating).migrations, ['0002_column']);
  }));
