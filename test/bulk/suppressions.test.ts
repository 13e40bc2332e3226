// Promise: an address is suppressed or lifted by hand or by a file, the gravest reason stands, and who did it and why stays on record.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aWorkspace, type BulkServer, one, resultOf, startBulkServer, tally } from './support.ts';

let bulk: BulkServer;
before(async () => {
  bulk = await startBulkServer();
});
after(() => bulk.close());

const reasons = (workspaceId: string) =>
  one<Record<string, string> | null>(
    bulk.pool,
    'select jsonb_object_agg(email, reason) from app_public.suppressions where workspace_id = $1',
    [workspaceId],
  );

const record = (workspaceId: string) =>
  one<string | null>(
    bulk.pool,
    `select string_agg(concat_ws(' ', action, reason, note), ', ' order by id) from app_public.suppression_changes where workspace_id = $1`,
    [workspaceId],
  );

const call = (verb: 'add' | 'lift', ...values: [string, string, string | null]) =>
  bulk.pool.query(`select app_public.${verb}_suppression($1, $2, $3)`, values);

test('a file: reasons of ours are kept, other words become the note, and a graver reason stands', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  await bulk.pool.query(
    `insert into app_public.suppressions (workspace_id, email, reason) values ($1, 'a@example.com', 'soft_bounces'), ($1, 'b@example.com', 'manual')`,
    [workspaceId],
  );
  const file = `email,reason,date
A@example.com,complaint,x
b@example.com,hard_bounce,x
c@example.com,asked by phone,x
d@example.com,,x
d@example.com,,x
no,,x
`;
  const result = await resultOf(await bulk.post(`/api/suppressions/import?workspace=${workspaceId}`, file));
  assert.deepEqual(tally(result), { read: 6, inserted: 2, updated: 1, unchanged: 1, duplicates: 1, rejected: 1 });
  assert.deepEqual(result.errors, [{ line: 7, reason: 'this is not an address', column: 'email' }]);
  assert.deepEqual(await reasons(workspaceId), {
    'a@example.com': 'complaint',
    'b@example.com': 'manual',
    'c@example.com': 'manual',
    'd@example.com': 'manual',
  });
  const written = (await record(workspaceId))?.split(', ').sort();
  assert.deepEqual(written, ['added complaint', 'added manual', 'added manual asked by phone']);
});

test('what is exported can be imported again and changes nothing', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  await bulk.post(
    `/api/suppressions/import?workspace=${workspaceId}`,
    'email,reason\n=a@example.com,unsubscribe\nü@example.com,hard_bounce\n',
  );
  const file = await (await fetch(`${bulk.origin}/api/suppressions/export?workspace=${workspaceId}`)).text();
  assert.match(file, /^email,reason\r\n/);
  assert.ok(file.includes("'=a@example.com,unsubscribe\r\n"));
  const again = await bulk.post(`/api/suppressions/import?workspace=${workspaceId}`, file);
  assert.deepEqual(tally(await resultOf(again)), { read: 2, unchanged: 2 });
});

test('added by hand, whatever the reason was, and lifted again with a note', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  await bulk.imported(workspaceId, 'email\na@example.com\n');
  await bulk.pool.query(`update app_public.contacts set status = 'unsubscribed' where workspace_id = $1`, [
    workspaceId,
  ]);
  await bulk.post(`/api/suppressions/import?workspace=${workspaceId}`, 'email,reason\na@example.com,unsubscribe\n');
  await call('add', workspaceId, ' A@Example.com', 'a court said so');
  assert.deepEqual(await reasons(workspaceId), { 'a@example.com': 'manual' });
  for (const note of ['', '  ', null, 'x'.repeat(1_001)])
    await assert.rejects(call('lift', workspaceId, 'a@example.com', note), { code: 'BADIN', message: /^note: / });
  await call('lift', workspaceId, 'A@example.com ', 'they asked to hear from us again');
  assert.equal(await reasons(workspaceId), null);
  assert.equal(
    await record(workspaceId),
    'added unsubscribe, added manual a court said so, lifted manual they asked to hear from us again',
  );
  const status = 'select status from app_public.contacts where workspace_id = $1';
  assert.equal(await one(bulk.pool, status, [workspaceId]), 'active');
  await assert.rejects(call('lift', workspaceId, 'a@example.com', 'again'), { code: 'NTFND' });
  await assert.rejects(call('add', workspaceId, 'no', 'why'), { code: 'BADIN', message: 'email: expected an address' });
});
