// Promise: whoever pauses or cancels a Task is answered with the Task as it is then, beside how many mails are on their way.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { at } from '../server/support.ts';
import { aClaim, aDraft, aQueuedTask, aService, one } from '../support/scene.ts';
import { schemaUnderTest } from './counting.ts';

suite('verbs about a Task', async () => {
  const { ask, pool } = await schemaUnderTest();

  for (const [verb, status] of [
    ['pauseTask', 'paused'],
    ['cancelTask', 'cancelled'],
  ] as const)
    test(`${verb}: the Task is ${status}, what is on its way is told`, async () => {
      const { taskId } = await aQueuedTask(pool);
      const { claim } = await aClaim(pool, await aService(pool, { intervalMs: 0 }), 2);
      await pool.query('select app_private.begin_sends($1, $2)', [claim.claimToken, claim.subTaskIds.slice(0, 1)]);
      const { data, errors } = await ask(
        `mutation ($id: UUID!) { ${verb}(input: { taskId: $id }) { onTheWay task { id status statistics { states { allocated sending } } } } }`,
        { id: taskId },
      );
      assert.deepEqual(errors, []);
      assert.deepEqual(JSON.parse(JSON.stringify(at(data, verb))), {
        onTheWay: 1,
        task: { id: taskId, status, statistics: { states: { allocated: 0, sending: 1 } } },
      });
      await pool.query('delete from app_public.tasks');
    });

  test('setTemplateWeight: how many recipients a template gets, until mails are rendered', async () => {
    const { taskId } = await aDraft(pool);
    const templateId = await one<string>(pool, 'select template_id from app_public.task_templates where task_id = $1', [
      taskId,
    ]);
    const set = async (weight: number, template = templateId) => {
      const { data, errors } = await ask(
        'mutation ($input: SetTemplateWeightInput!) { setTemplateWeight(input: $input) { taskTemplate { weight } } }',
        { input: { taskId, templateId: template, weight } },
      );
      return errors[0] === undefined ? at(data, 'setTemplateWeight.taskTemplate.weight') : errors[0].message;
    };
    assert.equal(await set(3), 3);
    assert.match(String(await set(0)), /task_templates_weight_check/, 'which the server puts into words');
    assert.match(String(await set(1, taskId)), /^templateId: it is none/);
    await pool.query('select app_public.schedule_task($1)', [taskId]);
    await pool.query('select app_private.start_generation($1, 100)', [taskId]);
    assert.match(String(await set(2)), /^taskId: the mails of a generating task/);
    await pool.query('delete from app_public.tasks');
  });

  test('stopSending and startSending: for all services at once, without an input', async () => {
    await pool.query('delete from app_public.email_services');
    await aQueuedTask(pool);
    const { claim } = await aClaim(pool, await aService(pool, { intervalMs: 0 }), 2);
    await pool.query('select app_private.begin_sends($1, $2)', [claim.claimToken, claim.subTaskIds.slice(0, 1)]);
    const stopped = await ask('mutation { stopSending { onTheWay } }');
    assert.deepEqual([stopped.errors, at(stopped.data, 'stopSending.onTheWay')], [[], 1]);
    assert.equal(await one(pool, 'select bool_and(is_stopped) from app_public.email_services'), true);
    const started = await ask('mutation { startSending { count } }');
    assert.deepEqual([started.errors, at(started.data, 'startSending.count')], [[], 1]);
    assert.equal(await one(pool, 'select bool_or(is_stopped) from app_public.email_services'), false);
  });
});
