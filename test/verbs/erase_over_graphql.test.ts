// Promise: a client that asks for an erasure can see it end, and how much it was.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { at, startTestServer, textAt } from '../server/support.ts';
import { supervisorOn } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { aQueuedTask, one } from '../support/scene.ts';

suite('eraseContact', async () => {
  // Stopped before the database goes.
  const opened = new AsyncDisposableStack();
  after(() => opened.disposeAsync());
  const { pool, url, data } = await startTestServer();
  const supervisor = opened.adopt(supervisorOn(url), (each) => each.stop());
  await supervisor.ready;

  test('the rest goes by itself, and the numbers say what went', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 2 });
    const contactId = await one<string>(
      pool,
      'select contact_id from app_public.sub_task_mails where task_id = $1 limit 1',
      [taskId],
    );
    const asked = await data(
      'mutation ($contactId: UUID!) { eraseContact(input: { contactId: $contactId }) { erasure { id mails cancelled } } }',
      { contactId },
    );
    const { id, ...erased } = Object(at(asked, 'eraseContact.erasure'));
    assert.deepEqual(erased, { mails: 1, cancelled: 1 });
    const erasure = await eventually(
      () => data('query ($id: UUID!) { erasure(id: $id) { finishedAt contactId mails } }', { id }),
      (answer) => at(answer, 'erasure.finishedAt') !== null,
    );
    assert.equal(textAt(erasure, 'erasure.contactId'), contactId);
    const left = await data(
      'query ($contactId: UUID!, $taskId: UUID!) { contact(id: $contactId) { id } task(id: $taskId) { statistics { total states { pending cancelled } } statisticsDrift } }',
      { contactId, taskId },
    );
    assert.deepEqual(left, {
      contact: null,
      task: { statistics: { total: 2, states: { pending: 1, cancelled: 1 } }, statisticsDrift: 0 },
    });
  });
});
