// Promise: an admin sets a workspace's monthly quota, and reads what is used and left of it.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { aQueuedTask } from '../support/scene.ts';
import { at, startTestServer, textAt } from './support.ts';

suite('over GraphQL', async () => {
  const { pool, data, graphql } = await startTestServer();
  const create =
    'mutation { createWorkspace(input: { name: "Agency", monthlyQuota: 10 }) { workspace { id leftThisMonth } } }';
  const setQuota = /* GraphQL */ `
    mutation ($id: UUID!, $quota: Int) {
      updateWorkspace(input: { id: $id, patch: { monthlyQuota: $quota } }) { workspace { monthlyQuota usedThisMonth leftThisMonth } }
    }`;
  const quota = async (id: string, mails: number | null) =>
    at(await data(setQuota, { id, quota: mails }), 'updateWorkspace.workspace');

  test('set, used, and lifted', async () => {
    const created = await data(create);
    assert.equal(at(created, 'createWorkspace.workspace.leftThisMonth'), 10);
    const id = textAt(created, 'createWorkspace.workspace.id');
    await aQueuedTask(pool, { workspaceId: id, recipients: 4 });
    assert.deepEqual(await quota(id, 12), { monthlyQuota: 12, usedThisMonth: 4, leftThisMonth: 8 });
    assert.deepEqual(await quota(id, null), { monthlyQuota: null, usedThisMonth: 4, leftThisMonth: null });
    const { errors } = await graphql(setQuota, { id, quota: -1 });
    assert.equal(errors?.[0]?.extensions?.code, 'BADIN');
  });
});
