// Promise: a file that is on its way out ends, in an error, once who asked for it may not have it any more.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { operator } from '../../src/database/as_caller.ts';
import { aUser } from '../server/access_support.ts';
import { aWorkspace, type BulkServer, startBulkServer } from './support.ts';

let bulk: BulkServer;
before(async () => {
  bulk = await startBulkServer();
});
after(() => bulk.close());
afterEach(() => {
  bulk.as(operator);
  bulk.holds(true);
});

/** More than what lies between the server and a reader who does not read. */
const contacts = 60_000;

async function aLargeWorkspace(): Promise<string> {
  const workspaceId = await aWorkspace(bulk.pool);
  await bulk.pool.query(
    `insert into app_public.contacts (workspace_id, email, name)
     select $1, n || '@example.com', repeat('x', 190) from generate_series(1, $2) as n`,
    [workspaceId, contacts],
  );
  return workspaceId;
}

/** Begins to read, and goes on once `change` is done. @returns how many rows came before the error, if there was one */
async function exportDuring(workspaceId: string, change: () => unknown): Promise<{ rows: number; broke: boolean }> {
  const response = await fetch(`${bulk.origin}/api/contacts/export?workspace=${workspaceId}`);
  assert.equal(response.status, 200);
  await change();
  let rows = -1;
  try {
    for await (const piece of response.body ?? []) rows += piece.filter((byte: number) => byte === 10).length;
    return { rows, broke: false };
  } catch {
    return { rows, broke: true };
  }
}

test('to its end, for who may have it', async () => {
  assert.deepEqual(await exportDuring(await aLargeWorkspace(), () => {}), { rows: contacts, broke: false });
});

test('a token that was revoked', async () => {
  const { rows, broke } = await exportDuring(await aLargeWorkspace(), () => bulk.holds(false));
  assert.equal(broke, true);
  assert.ok(rows < contacts, `${rows} rows came`);
});

test('a member who was put out, though the token is good', async () => {
  const workspaceId = await aLargeWorkspace();
  const userId = await aUser(bulk.pool, 'viewer@example.com');
  await bulk.pool.query(`insert into app_public.memberships (workspace_id, user_id, role) values ($1, $2, 'viewer')`, [
    workspaceId,
    userId,
  ]);
  bulk.as({ userId, isAdmin: false, tokenRole: null, tokenWorkspaceId: null });
  const { rows, broke } = await exportDuring(workspaceId, () =>
    bulk.pool.query('delete from app_public.memberships where user_id = $1', [userId]),
  );
  assert.equal(broke, true);
  assert.ok(rows < contacts, `${rows} rows came`);
});
