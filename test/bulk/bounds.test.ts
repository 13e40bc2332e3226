// Promise: nobody's file waits without end for others, and no file is longer than the installation wants, however small it was packed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Turns } from '../../src/server/bulk/turns.ts';
import { eventually } from '../support/eventually.ts';
import { aWorkspace, type BulkServer, countOf, faultOf, one, startBulkServer, tally } from './support.ts';

const maxBytes = 100_000;
let bulk: BulkServer;
let workspaceId: string;
before(async () => {
  bulk = await startBulkServer({ maxBytes, waitMs: 100 });
  workspaceId = await aWorkspace(bulk.pool);
});
after(() => bulk.close());

const sessions = `select count(*)::integer from pg_stat_activity
  where datname = current_database() and application_name = 'postilion bulk' and state <> 'idle'`;
const longest = `email\n${'a'.repeat(40)}@example.com`.padEnd(maxBytes, '\n');

for (const [how, pack, headers] of [
  ['as it is', Buffer.from, {}],
  ['packed', gzipSync, { 'content-encoding': 'gzip' }],
] as const)
  test(`${how}, a file may be so long and no longer`, async () => {
    const path = `/api/contacts/import?workspace=${workspaceId}`;
    const refused = await bulk.post(path, Buffer.from(pack(`${longest}\n`)), headers);
    assert.equal(refused.status, 413);
    assert.deepEqual(await faultOf(refused), {
      code: 'BADIN',
      message: `file: it is longer than ${maxBytes} bytes`,
    });
    assert.equal(await countOf(bulk.pool, workspaceId), 0);
    assert.equal((await bulk.post(path, Buffer.from(pack(longest)), headers)).status, 200);
    await bulk.pool.query('delete from app_public.contacts');
  });

test('a fifth file waits its time and is refused, in and out; it is taken once there is room', async () => {
  const uploads = Array.from({ length: 4 }, () => {
    const sent = request(`${bulk.origin}/api/contacts/import?workspace=${workspaceId}`, { method: 'POST' });
    sent.write('email\n');
    return { sent, answered: once(sent, 'response') };
  });
  await eventually(
    () => one<number>(bulk.pool, sessions),
    (count) => count === 4,
  );
  const answers = [
    await bulk.post(`/api/contacts/import?workspace=${workspaceId}`, 'email\n'),
    await fetch(`${bulk.origin}/api/suppressions/export?workspace=${workspaceId}`),
  ];
  for (const answer of answers) {
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '30']);
    assert.equal((await faultOf(answer)).code, 'UNAVL');
  }
  for (const { sent, answered } of uploads) {
    sent.end();
    const [response] = await answered;
    response.resume();
  }
  assert.deepEqual(tally(await bulk.imported(workspaceId, 'email\na@example.com')), { read: 1, inserted: 1 });
});

test('turns are taken in order; who gave up is passed over', async () => {
  const turns = new Turns(1, 1);
  const patient = Promise.withResolvers<void>();
  const first = turns.take(() => patient.promise);
  await assert.rejects(
    turns.take(() => Promise.resolve()),
    { code: 'UNAVL' },
  );
  patient.resolve();
  await first;
  assert.equal(await turns.take(() => Promise.resolve('done')), 'done');
});
