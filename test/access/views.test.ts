// Promise: what runs as its owner, whom no policy binds, shows a member nothing of Tasks that they do not see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { one } from '../support/scene.ts';
import { as, aWorld } from './scene.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db.close());

const views = ['number_parts', 'numbers', 'service_number_parts', 'service_numbers'].map(
  (name) => `app_hidden.task_${name}`,
);

test('outside of app_public and ops whoever asks over the API may read four views, and nobody else of ours anything', async () => {
  const { rows } = await db.pool.query<{ role: string; name: string }>(
    `select role.rolname as role, c.oid::regclass::text as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      cross join pg_roles role
      where n.nspname in ('app_hidden', 'app_private') and role.rolname ~ '^postilion_' and c.relkind in ('r', 'p', 'v', 'm')
        and has_any_column_privilege(role.oid, c.oid, 'select') and not pg_has_role(role.oid, c.relowner, 'usage')
      order by 1, 2`,
  );
  assert.deepEqual(
    rows,
    ['postilion_admin', 'postilion_user'].flatMap((role) => views.map((name) => ({ role, name }))),
  );
});

test('they show the Tasks that one sees', () =>
  withTransaction(db.pool, async (sql) => {
    const { askers } = await aWorld(sql);
    await sql.query(
      `insert into app_hidden.task_service_counters (task_id, service_id)
       select t.id, s.id from app_public.tasks t cross join (select id from app_public.email_services limit 1) as s on conflict do nothing`,
    );
    const reads = askers.filter(({ databaseRole }) => databaseRole !== 'postilion_visitor');
    for (const asker of reads)
      for (const view of views) {
        const [shown, beyond] = await as(sql, asker, async () => [
          await one<string>(sql, `select count(*) from ${view}`),
          await one<string>(
            sql,
            `select count(*) from ${view} v where not exists (select from app_public.tasks t where t.id = v.task_id)`,
          ),
        ]);
        assert.equal(beyond, '0', `${asker.name} sees others' in ${view}`);
        assert.equal(shown === '0', asker.name === 'stranger', `${asker.name} sees ${shown} in ${view}`);
      }
    const count = `select count(distinct workspace_id) from app_public.tasks t join ${views[0]} n on n.task_id = t.id`;
    for (const asker of reads) {
      const workspaces = await as(sql, asker, () => one<string>(sql, count));
      assert.equal(workspaces, { stranger: '0', admin: '2' }[asker.name] ?? '1', asker.name);
    }
  }));
