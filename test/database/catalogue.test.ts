// Promise: nothing in our schemas is open by accident: every function and table states its rights, its path and its purpose.
import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { ourSchemas } from '../../src/database/catalogue.ts';
import { type FunctionFile, readFunctionFiles } from '../../src/database/migrate/function_files.ts';
import { projectDir } from '../../src/database/server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let files: FunctionFile[];
before(async () => {
  db = await createTestDatabase();
  files = await readFunctionFiles(join(projectDir, 'db', 'functions'));
});
after(() => db.close());

/** Asserts that a query over our schemas ($1) finds nothing to name. */
async function none(sql: string): Promise<void> {
  const { rows } = await db.pool.query<{ name: string }>(sql, [[...ourSchemas]]);
  assert.deepEqual(
    rows.map(({ name }) => name),
    [],
  );
}

const functions = `
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace
 where n.nspname = any($1) and not exists (select from pg_depend where objid = p.oid and deptype = 'e')`;

const relations = (kinds: string) => `
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = any($1) and not relispartition and relkind = any('${kinds}')`;

test('every function has a comment', () =>
  none(`select p.oid::regprocedure::text as name ${functions} and obj_description(p.oid, 'pg_proc') is null`));

test('every function pins its search path, temporary tables last', () =>
  none(`select p.oid::regprocedure::text as name ${functions}
          and not exists (select from unnest(proconfig) setting where setting ~ '^search_path=.*\\mpg_temp$')`));

test('no function is open to everyone', () =>
  none(`select p.oid::regprocedure::text as name ${functions}
          and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0)`));

test('every parameter begins with p_', () =>
  none(`select p.oid::regprocedure::text || ' ' || coalesce(parameter, '(no name)') as name
          from pg_proc p
          join pg_namespace n on n.oid = p.pronamespace,
               lateral (select proargnames[position] as parameter, proargmodes[position] as mode
                          from generate_series(1, greatest(pronargs, cardinality(proallargtypes))) position) parameters
         where n.nspname = any($1) and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
           and coalesce(mode, 'i') in ('i', 'b', 'v') and coalesce(parameter, '') !~ '^p_'`));

test('every table has row level security', () =>
  none(`select c.oid::regclass::text as name ${relations('{r,p}')} and not relrowsecurity`));

test('every table and view has a comment', () =>
  none(
    `select c.oid::regclass::text as name ${relations('{r,p,v,m}')} and obj_description(c.oid, 'pg_class') is null`,
  ));

test('no schema, table, column or sequence is open to everyone', () =>
  none(`select name
          from (select nspname::text, nspname::text, nspacl from pg_namespace
                union all
                select nspname, c.oid::regclass::text, relacl from pg_class c join pg_namespace n on n.oid = relnamespace
                union all
                select nspname, attrelid::regclass::text || '.' || attname, attacl
                  from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace) objects (schema, name, acl)
         where schema = any($1) and exists (select from aclexplode(acl) where grantee = 0)`));

test('every file creates one function, named as the file is', () => {
  const wrong = files.filter(
    ({ path, names }) => names.length !== 1 || names[0]?.split('.')[1] !== basename(path, '.sql'),
  );
  assert.deepEqual(
    wrong.map(({ path, names }) => `${path}: ${names.join(', ')}`),
    [],
  );
});

test('every file states how volatile its function is', () => {
  const silent = files.filter(({ text }) => !/^\s*(immutable|stable|volatile)\b/m.test(text));
  assert.deepEqual(
    silent.map(({ path }) => path),
    [],
  );
});

test('every function has a file', async () => {
  const names = new Set(files.flatMap((file) => file.names));
  const { rows } = await db.pool.query<{ name: string }>(`select nspname || '.' || proname as name ${functions}`, [
    [...ourSchemas],
  ]);
  assert.deepEqual(
    rows.map(({ name }) => name).filter((name) => !names.has(name)),
    [],
  );
});
