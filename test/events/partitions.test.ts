// Promise: every month has its partition before it begins, and what arrived where none was is moved, not lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { clockForward, one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);
const ensure = (db: Queryable, ahead: number) => one<number>(db, 'select app_private.ensure_partitions($1)', [ahead]);

function partitionsOf(db: Queryable, table: string): Promise<string[]> {
  return one(
    db,
    `select array_agg(inhrelid::regclass::text order by inhrelid::regclass::text) from pg_inherits where inhparent = $1::regclass`,
    [`app_public.${table}`],
  );
}

/** As the database names the month that is so many from now, in UTC. */
function month(db: Queryable, table: string, from: number): Promise<string> {
  return one(
    db,
    `select 'app_public.' || $1 || to_char(now() at time zone 'UTC' + $2 * interval '1 month', '_YYYY_MM')`,
    [table, from],
  );
}

test(
  'a database that is up to date has this month and the next two',
  inTransaction(async (db) => {
    for (const table of ['event_logs', 'mail_events']) {
      const names: string[] = [];
      for (const from of [0, 1, 2]) names.push(await month(db, table, from));
      assert.deepEqual(await partitionsOf(db, table), [...names, `app_public.${table}_default`].sort());
    }
    assert.equal(await ensure(db, 2), 0);
  }),
);

test(
  'as time passes, the months ahead follow',
  inTransaction(async (db) => {
    await clockForward(db, '1 month');
    assert.equal(await ensure(db, 2), 2);
    assert.ok((await partitionsOf(db, 'event_logs')).includes(await month(db, 'event_logs', 3)));
  }),
);

test(
  'what strayed into the default partition moves to its months',
  inTransaction(async (db) => {
    await db.query(
      `insert into app_public.event_logs (received_at, provider, path, headers, body)
       select at, 'engagelab', '/', '{}', '' from unnest(array[now() - interval '14 months', now() - interval '14 months', now() + interval '9 months']) as at`,
    );
    const homes = () =>
      db
        .query<{ home: string }>('select tableoid::regclass::text as home from app_public.event_logs order by id')
        .then(({ rows }) => rows.map(({ home }) => home));
    assert.deepEqual(new Set(await homes()), new Set(['app_public.event_logs_default']));
    assert.equal(await ensure(db, 2), 2);
    const past = await month(db, 'event_logs', -14);
    assert.deepEqual(await homes(), [past, past, await month(db, 'event_logs', 9)]);
  }),
);

test(
  'partitions are as closed as their tables',
  inTransaction(async (db) => {
    const { rows } = await db.query(
      `select relname from pg_class where relispartition and relkind = 'r' and relnamespace = 'app_public'::regnamespace
          and (not relrowsecurity or exists (select from aclexplode(relacl) where grantee <> relowner))`,
    );
    assert.deepEqual(rows, []);
  }),
);
