// Promise: services that workspaces share tell each of them why its mails wait, and nothing of what the others do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aMember, as } from '../access/scene.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, aService, one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

test('a member is told that others go first, and not how many', () =>
  withTransaction(database.pool, async (db) => {
    await aService(db, { name: 'shared', intervalMs: 0 });
    for (let others = 0; others < 3; others++) await aQueuedTask(db, { priority: 9, recipients: 1 });
    const { workspaceId, taskId } = await aQueuedTask(db, { recipients: 1 });
    const userId = await aMember(db, workspaceId, 'viewer');
    const why = () => one<string>(db, 'select sentence from app_public.why_not_sending($1)', [taskId]);
    assert.equal(await why(), 'shared serves 3 other Tasks of higher priority first.');
    const told = await as(db, { name: 'viewer', databaseRole: 'postilion_user', userId }, why);
    assert.equal(told, 'shared serves what is of higher priority first.');
  }));
