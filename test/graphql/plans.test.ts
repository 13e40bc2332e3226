// Promise: no page of a list costs more than what an index gives it, however many rows there are: 100,000 mails of one Task, few of them in
// most states, and 30,000 Contacts.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type pg from 'pg';
import type { Queryable } from '../../src/database/pool.ts';
import { at } from '../server/support.ts';
import { aDraft, one } from '../support/scene.ts';
import { type Statement, schemaUnderTest } from './counting.ts';

const mails = 100_000;
/** Rows a page of 50 may read, by any way; a scan reads 100,000. */
const few = 2_000;
/** … where an index has them in order: their entries and their rows. */
const page = 110;
/** What a page may read where nothing rare is indexed: 20,000 mails' entries, their rows, and the entries once more to know where they end. */
const bound = 61_000;

suite('plans', async () => {
  const { ask, pool } = await schemaUnderTest();
  const { taskId, workspaceId } = await aDraft(pool, { recipients: 1 });
  await fill(pool, taskId, workspaceId);

  /** Counted by the session since it last reported, so only a difference says something. */
  const rowsRead = (db: Queryable) =>
    one<string>(
      db,
      `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables
        where relid in ('app_public.sub_tasks'::regclass, 'app_public.sub_task_mails'::regclass)`,
    ).then(Number);

  /** The plan of the search as it runs inside the function is not shown, so the rows it reads are counted in its own transaction. */
  const readsOf = async (filter: object, after: string | null = null) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const before = await rowsRead(client);
      const { rows } = await client.query(
        `select to_jsonb(app_hidden.find_sub_tasks($1, $2::jsonb || jsonb_build_object('after_id', $3::uuid), 50)) as page`,
        [taskId, JSON.stringify(filter), after],
      );
      const reads = (await rowsRead(client)) - before;
      const ids: unknown = at(rows[0], 'page.ids');
      assert.ok(Array.isArray(ids));
      const walkedTo = at(rows[0], 'page.walked_to');
      return { ids, found: ids.length, walkedTo: typeof walkedTo === 'string' ? walkedTo : null, reads };
    } finally {
      await client.query('rollback').finally(() => client.release());
    }
  };

  for (const [what, filter, found, most] of [
    ['all', {}, 50, few],
    ['a common state', { statuses: ['delivered'] }, 50, few],
    ['a rare state: failed', { statuses: ['failed'] }, 50, few],
    ['a rare state: bounced', { statuses: ['bounced'] }, 50, page],
    ['a rare state: clicked', { statuses: ['clicked'] }, 50, page],
    ['a rare state: cancelled', { statuses: ['cancelled'] }, 50, page],
    ['a rare state: uncertain', { statuses: ['uncertain'] }, 30, page],
    ['a rare state: pending', { statuses: ['pending'] }, 50, few],
    ['a rare state: sending', { statuses: ['sending'] }, 30, few],
    ['a state nobody is in', { statuses: ['allocated'] }, 0, 0],
    ['an error of few', { error_code: 'no_such_user' }, 30, page],
    ['an error of many', { error_code: 'mailbox_full' }, 50, page],
    ['an address', { email: 'P7@Example.com' }, 1, few],
    ['the beginning of an address', { email_prefix: 'p5999' }, 11, few],
  ] as const)
    test(`mails of a Task: ${what}`, async () => {
      const { found: mailsFound, reads } = await readsOf(filter);
      assert.equal(mailsFound, found);
      assert.ok(reads <= most, `read ${reads} rows`);
    });

  for (const [what, filter, all] of [
    ['a state with an index in order', { statuses: ['bounced'] }, 1_530],
    ['a state that is sorted', { statuses: ['failed'] }, 1_530],
    ['an error', { error_code: 'mailbox_full' }, 1_500],
    ['two states, and an error that few bear', { statuses: ['failed', 'bounced'], error_code: 'no_such_user' }, 30],
  ] as const)
    test(`pages of mails follow each other without a gap or a repeat: ${what}`, async () => {
      const seen = new Set<unknown>();
      let after: string | null = null;
      let found = 0;
      do {
        const { ids, walkedTo }: Awaited<ReturnType<typeof readsOf>> = await readsOf(filter, after);
        for (const id of ids) seen.add(id);
        found += ids.length;
        after = walkedTo;
      } while (after !== null);
      assert.deepEqual([seen.size, found], [all, all]);
    });

  test('a state that is rare and has no index is looked for in steps, and none is missed', async () => {
    let found = 0;
    let after: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<typeof readsOf>> = await readsOf({ statuses: ['opened'] }, after);
      assert.ok(page.reads <= bound, `read ${page.reads} rows`);
      found += page.found;
      after = page.walkedTo;
      pages++;
    } while (after !== null);
    assert.equal(found, 30);
    assert.ok(pages > 1);
  });

  test('pages follow each other without a gap or a repeat', async () => {
    const seen = new Set<unknown>();
    let after: unknown = null;
    do {
      const { data, errors } = await ask(
        `query ($id: UUID!, $after: Cursor) { task(id: $id) { subTasks(first: 7, after: $after, filter: { emailPrefix: "p123" }) {
           nodes { id } pageInfo { hasNextPage endCursor } } } }`,
        { id: taskId, after },
      );
      assert.deepEqual(errors, []);
      const nodes: unknown = at(data, 'task.subTasks.nodes');
      assert.ok(Array.isArray(nodes));
      for (const node of nodes) seen.add(at(node, 'id'));
      after =
        at(data, 'task.subTasks.pageInfo.hasNextPage') === true ? at(data, 'task.subTasks.pageInfo.endCursor') : null;
    } while (after !== null);
    assert.equal(seen.size, 111);
  });

  for (const [what, list] of [
    ['by address', 'contacts(first: 50) { nodes { id } }'],
    ['by the beginning of an address', 'contacts(first: 50, filter: { emailPrefix: "p1234" }) { nodes { id } }'],
    ['in a rare state', 'contacts(first: 50, filter: { status: bounced }) { nodes { id } }'],
    ['with a rare tag', 'contacts(first: 50, filter: { tag: "rare" }) { nodes { id } }'],
    ['counted', 'contacts { totalCount }'],
    [
      'suppressed, by the beginning of an address',
      'suppressions(filter: { emailPrefix: "p1234" }) { nodes { email } }',
    ],
  ] as const)
    test(`Contacts of a workspace ${what}`, async () => {
      const { errors, statements } = await ask(`query ($id: UUID!) { workspace(id: $id) { ${list} } }`, {
        id: workspaceId,
      });
      assert.deepEqual(errors, []);
      assert.equal(statements.length, 1);
      for (const statement of statements) {
        const most = await mostRows(pool, statement);
        assert.ok(most <= (what === 'counted' ? 10_100 : few), `a step of the plan has ${most} rows`);
      }
    });
});

/** Rows that the busiest step of a statement's plan takes up, those that it throws away among them. */
async function mostRows(pool: pg.Pool, { text, values }: Statement): Promise<number> {
  const plans = await one<unknown>(pool, `explain (analyze, format json) ${text.replace(/;$/, '')}`, values);
  return busiest(at(plans, '0.Plan'));
}

function busiest(step: unknown): number {
  const number = (name: string) => Number(at(step, name) ?? 0);
  const own = (number('Actual Rows') + number('Rows Removed by Filter')) * Math.max(number('Actual Loops'), 1);
  const inner: unknown = at(step, 'Plans');
  return Math.max(own, ...(Array.isArray(inner) ? inner.map(busiest) : []));
}

/** Rows as the queue leaves them, written without its triggers; the counters say what they are. */
async function fill(pool: pg.Pool, taskId: string, workspaceId: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query(
      `insert into app_public.sub_tasks (id, task_id, status, phase, service_id, sent_at, delivered_at, opened_at, clicked_at, bounced_at, bounce_is_soft,
                                         failed_at, error_code, cancelled_at, uncertain_at, handed_over_at)
       select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, state::app_public.sub_task_status,
              case state when 'failed' then 'failed' when 'uncertain' then 'in_doubt' when 'pending' then 'waiting' when 'sending' then 'under_way'
                         else 'over' end::app_public.sub_task_phase, gen_random_uuid(), now(), now(),
              case when state in ('opened', 'clicked') then now() end, case when state = 'clicked' then now() end,
              case when state = 'bounced' then now() end, case when state = 'bounced' then false end,
              case when state = 'failed' then now() end,
              case when state = 'failed' then case when n / 30 = 1 then 'no_such_user' else 'mailbox_full' end end,
              case when state = 'cancelled' then now() end, case when state = 'uncertain' then now() end, now()
         from generate_series(0, $2::integer - 1) as n
        cross join lateral (
          select case n / 30 when 0 then 'opened' when 1 then 'failed' when 2 then 'bounced' when 3 then 'clicked' when 4 then 'uncertain' when 5 then 'sending'
                             else case n / 1500 when 1 then 'failed' when 2 then 'bounced' when 3 then 'clicked' when 4 then 'cancelled' when 5 then 'pending'
                                                else 'delivered' end end as state
        ) as states`,
      [taskId, mails],
    );
    await client.query(
      `insert into app_public.sub_task_mails (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
       select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, 'p' || n || '@example.com', 't' || n, '', '', ''
         from generate_series(0, $2::integer - 1) as n`,
      [taskId, mails],
    );
    await client.query('insert into app_hidden.task_counters select * from app_hidden.count_rows($1)', [taskId]);
    await client.query(
      `insert into app_public.contacts (workspace_id, email, status, tags)
       select $1, 'p' || n || '@example.com', case when n < 30 then 'bounced' else 'active' end::app_public.contact_status,
              case when n between 100 and 130 then '{rare}' else '{common}' end::text[]
         from generate_series(0, 29999) as n`,
      [workspaceId],
    );
    await client.query(
      `insert into app_public.suppressions (workspace_id, email, reason, email_hash)
       select $1, 'p' || n || '@example.com', 'manual', sha256(n::text::bytea) from generate_series(0, 29999) as n`,
      [workspaceId],
    );
    await client.query(
      'analyze app_public.sub_tasks, app_public.sub_task_mails, app_public.contacts, app_public.suppressions',
    );
  } finally {
    await client.query('reset session_replication_role').finally(() => client.release());
  }
}
