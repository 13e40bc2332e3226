// Promise: what a client filters by is found by the same index for a member as for an admin; rights are looked up once a statement, or by key.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aQueuedTask, aWorkspace } from '../support/scene.ts';
import { type Asker, aMember, as } from './scene.ts';

let db: TestDatabase;
let client: pg.PoolClient;
let workspaceId: string;
let taskId: string;
let askers: Asker[];

before(async () => {
  db = await createTestDatabase();
  client = await db.pool.connect();
  workspaceId = await aWorkspace(client);
  ({ taskId } = await aQueuedTask(client, { workspaceId, recipients: 60 }));
  // So that neither one Task nor one workspace is nearly all there is.
  for (let others = 0; others < 40; others++) await aQueuedTask(client, { recipients: 60 });
  const userId = await aMember(client, workspaceId, 'viewer');
  askers = [
    { name: 'admin', databaseRole: 'postilion_admin', userId },
    { name: 'member', databaseRole: 'postilion_user', userId },
  ];
  await client.query('analyze');
});
after(async () => {
  client.release();
  await db.close();
});

const searches: Record<string, { text: () => string; index: RegExp; by: RegExp }> = {
  'SubTasks of a Task': {
    text: () =>
      `select sub_task_id from app_public.sub_task_mails where task_id = '${taskId}' order by sub_task_id limit 50`,
    index: /using sub_task_mails_by_task/,
    by: /Index Cond: .*task_id = /,
  },
  'mails to an address': {
    text: () => `select task_id from app_public.sub_task_mails where recipient_email = 'a@example.com'`,
    index: /using sub_task_mails_recipient_email_task_id_key/,
    by: /Index Cond: .*recipient_email = /,
  },
  'a contact by address': {
    text: () => `select id from app_public.contacts where workspace_id = '${workspaceId}' and email = 'a@example.com'`,
    index: /using contacts_(workspace_id_email_key|by_address)/,
    by: /Index Cond: .*email = /,
  },
  'contacts of a workspace, onwards from one': {
    text: () =>
      `select id from app_public.contacts where workspace_id = '${workspaceId}' and id > '${taskId}' order by id limit 50`,
    index: /using contacts_by_workspace/,
    by: /Index Cond: .*id > /,
  },
  'Tasks of a workspace, onwards from one': {
    text: () =>
      `select id from app_public.tasks where workspace_id = '${workspaceId}' and id > '${taskId}' order by id limit 20`,
    index: /using tasks_(by_workspace|pkey)/,
    by: /Index Cond: .*id > /,
  },
  'events of a mail': {
    text: () => `select kind from app_public.mail_events where sub_task_id = '${taskId}' order by id limit 20`,
    index: /using mail_events_\w*sub_task\w*/,
    by: /Index Cond: .*sub_task_id = /,
  },
};

for (const [name, { text, index, by }] of Object.entries(searches)) {
  test(name, async () => {
    for (const asker of askers) {
      const plan = await planOf(asker, text());
      assert.match(plan, index, asker.name);
      assert.match(plan, by, asker.name);
      assert.doesNotMatch(plan, /Seq Scan|hashed SubPlan/, asker.name);
    }
  });
}

// The tables are small, so that the planner is told not to read them whole; what it can not do, it does not do then either.
async function planOf(asker: Asker, text: string): Promise<string> {
  await client.query('begin');
  try {
    await client.query(
      'set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off',
    );
    return await as(client, asker, async () => {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
  } finally {
    await client.query('rollback');
  }
}
