// Promise: a file that breaks off leaves nothing, one that comes slowly holds nobody up, and two at once with the same addresses end well.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventually } from '../support/eventually.ts';
import { aWorkspace, type BulkServer, countOf, one, startBulkServer, tally } from './support.ts';

let bulk: BulkServer;
before(async () => {
  bulk = await startBulkServer();
});
after(() => bulk.close());

const row = (number: number, name = 'x') => `reader${number}@example.com,${name}\n`;
const rows = (count: number, name?: string) => Array.from({ length: count }, (_, number) => row(number, name)).join('');
const sessions = `select count(*)::integer from pg_stat_activity
  where datname = current_database() and application_name = 'postilion bulk' and state <> 'idle'`;

function upload(workspaceId: string) {
  const sent = request(`${bulk.origin}/api/contacts/import?workspace=${workspaceId}`, { method: 'POST' });
  sent.on('error', () => {});
  return sent;
}

test('a broken connection leaves nothing, and no session', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const sent = upload(workspaceId);
  sent.write(`email,name\n${rows(5_000)}`);
  await eventually(
    () => one<number>(bulk.pool, sessions),
    (count) => count === 1,
  );
  sent.destroy();
  await eventually(
    () => one<number>(bulk.pool, sessions),
    (count) => count === 0,
  );
  assert.equal(await countOf(bulk.pool, workspaceId), 0);
});

test('a packed file that is cut off is told, and leaves nothing', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const packed = gzipSync(`email,name\n${rows(5_000)}`);
  const path = `/api/contacts/import?workspace=${workspaceId}`;
  const response = await bulk.post(path, packed.subarray(0, -100), { 'content-encoding': 'gzip' });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /not whole, or no gzip/);
  assert.equal(await countOf(bulk.pool, workspaceId), 0);
});

test('a file that comes byte by byte, beside one that does not wait for it', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const sent = upload(workspaceId);
  const answered = once(sent, 'response');
  sent.write('em');
  await eventually(
    () => one<number>(bulk.pool, sessions),
    (count) => count === 1,
  );
  assert.deepEqual(tally(await bulk.imported(workspaceId, `email,name\n${rows(3)}`)), { read: 3, inserted: 3 });
  for (const byte of `ail,name\n${rows(4, '"ü\n"')}`)
    await new Promise<void>((done) => {
      sent.write(byte, () => done());
    });
  sent.end();
  const [response] = await answered;
  const { inserted, updated } = JSON.parse(Buffer.concat(await response.toArray()).toString());
  assert.deepEqual({ inserted, updated }, { inserted: 1, updated: 3 });
});

test('the same addresses in two orders at once', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const lines = rows(3_000, 'A').trimEnd().split('\n');
  await bulk.imported(workspaceId, `email,name\n${lines.filter((_, number) => number % 3 === 0).join('\n')}`);
  const one = `email,name\n${lines.join('\n')}`;
  const other = `email,name\n${lines.toReversed().join('\n').replaceAll(',A', ',B')}`;
  const results = await Promise.all([one, other, one, other].map((file) => bulk.imported(workspaceId, file)));
  assert.equal(
    results.reduce((sum, { inserted }) => sum + inserted, 0),
    2_000,
  );
  assert.ok(results.every(({ rejected, duplicates }) => rejected === 0 && duplicates === 0));
  assert.equal(await countOf(bulk.pool, workspaceId), 3_000);
});

test('an import waits for a contact that somebody is adding, and then knows it', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const holder = await bulk.pool.connect();
  await holder.query('begin');
  await holder.query(
    `insert into app_public.contacts (workspace_id, email, attributes) values ($1, 'reader0@example.com', '{"a": 1}')`,
    [workspaceId],
  );
  const imported = bulk.imported(workspaceId, `email,name\n${rows(2)}`);
  await eventually(
    () => one<number>(bulk.pool, `${sessions} and wait_event_type = 'Lock'`),
    (count) => count === 1,
  );
  await holder.query('commit');
  holder.release();
  assert.deepEqual(tally(await imported), { read: 2, inserted: 1, updated: 1 });
});

test('a reader that goes away in the middle of an export ends its session', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  await bulk.imported(workspaceId, `email,name\n${rows(30_000, 'x'.repeat(200))}`);
  const asked = request(`${bulk.origin}/api/contacts/export?workspace=${workspaceId}`);
  asked.on('error', () => {});
  asked.end();
  const [response] = await once(asked, 'response');
  await once(response, 'readable');
  assert.equal(await one<number>(bulk.pool, sessions), 1);
  asked.destroy();
  await eventually(
    () => one<number>(bulk.pool, sessions),
    (count) => count === 0,
  );
});

test('editors import, viewers export, strangers find nothing', async () => {
  const [workspaceId, other] = [await aWorkspace(bulk.pool), await aWorkspace(bulk.pool)];
  const asMember = async (role: string) => {
    const userId = await one<string>(
      bulk.pool,
      `insert into app_public.users (email, name) values ($1, 'Test') returning id`,
      [`${role}@example.com`],
    );
    await bulk.pool.query('insert into app_public.memberships (workspace_id, user_id, role) values ($1, $2, $3)', [
      workspaceId,
      userId,
      role,
    ]);
    bulk.as({ userId, isAdmin: false, tokenRole: null, tokenWorkspaceId: null });
  };
  const statuses = async (id: string) => {
    const file = 'email\na@example.com\n';
    const answers = [
      await bulk.post(`/api/contacts/import?workspace=${id}`, file),
      await bulk.post(`/api/suppressions/import?workspace=${id}`, file),
      await fetch(`${bulk.origin}/api/contacts/export?workspace=${id}`),
      await fetch(`${bulk.origin}/api/suppressions/export?workspace=${id}`),
    ];
    return answers.map(({ status }) => status);
  };
  await asMember('editor');
  assert.deepEqual(await statuses(workspaceId), [200, 200, 200, 200]);
  assert.deepEqual(await statuses(other), [404, 404, 404, 404]);
  const note = `select u.email from app_public.suppression_changes c join app_public.users u on u.id = c.user_id`;
  assert.equal(await one(bulk.pool, note), 'editor@example.com');
  await asMember('viewer');
  assert.deepEqual(await statuses(workspaceId), [403, 403, 200, 200]);
  bulk.as(null);
  assert.deepEqual(await statuses(workspaceId), [401, 401, 401, 401]);
  assert.equal(await countOf(bulk.pool, other), 0);
});
