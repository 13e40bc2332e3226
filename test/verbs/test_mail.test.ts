// Promise: a test mail goes before all others and still never undercuts an interval; nobody finds it among the campaigns.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { at, startTestServer, textAt } from '../server/support.ts';
import { aScheduledTask, services, simulatorFor, states, supervisorOn } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { aDraft, aService, driftOf, one } from '../support/scene.ts';
import { asMember } from './support.ts';

const sendTestMail = /* GraphQL */ `
  mutation ($input: SendTestMailInput!) {
    sendTestMail(input: $input) { task { id isTest status emailService { id } } subTask { id status mail { recipientEmail renderedBody } } }
  }`;
const intervalMs = 300;

suite('test mails beside a campaign', async () => {
  // Stopped before the database goes.
  const opened = new AsyncDisposableStack();
  after(() => opened.disposeAsync());
  const { pool, url, graphql, data } = await startTestServer();
  const simulator = opened.adopt(await simulatorFor(['north', 'south']), (each) => each.close());
  const supervisor = opened.adopt(supervisorOn(url), (each) => each.stop());
  const ids = await services(pool, simulator, { north: intervalMs, south: 60_000 });
  await pool.query(`update app_public.email_services set is_enabled = name = 'north'`);
  await supervisor.ready;

  const workspaceOf = (taskId: string) =>
    one<string>(pool, 'select workspace_id from app_public.tasks where id = $1', [taskId]);

  test('they overtake it, through the service that was asked for, and no interval is undercut', async () => {
    const taskId = await aScheduledTask(pool, 12);
    await eventually(
      () => states(pool, taskId),
      ({ sent = 0 }) => sent >= 2,
    );
    const tests: string[] = [];
    for (const number of [1, 2, 3]) {
      const input = { taskId, to: `tester${number}@example.com`, emailServiceId: ids['north'] };
      const sent = await data(sendTestMail, { input });
      assert.equal(at(sent, 'sendTestMail.task.isTest'), true);
      assert.equal(at(sent, 'sendTestMail.subTask.mail.recipientEmail'), input.to);
      tests.push(textAt(sent, 'sendTestMail.subTask.id'));
    }
    await eventually(
      () =>
        one<number>(
          pool,
          `select count(*)::integer from app_public.sub_tasks where id = any ($1) and status = 'sent'`,
          [tests],
        ),
      (count) => count === 3,
    );
    assert.ok(((await states(pool, taskId))['pending'] ?? 0) > 0, 'the campaign is not over yet');
    await eventually(
      () => states(pool, taskId),
      ({ sent = 0 }) => sent === 12,
    );
    const { accounts } = simulator.summary({ north: intervalMs });
    assert.equal(accounts['north']?.sent, 15);
    assert.equal(accounts['north']?.violations, 0);
    assert.equal(accounts['south'], undefined);
    assert.equal(await driftOf(pool, taskId), 0);
    const total = await data('query ($id: UUID!) { task(id: $id) { statistics { total } } }', { id: taskId });
    assert.equal(at(total, 'task.statistics.total'), 12);
  });

  test('no list has them; by its id a test mail is found, and completes like any Task', async () => {
    const { rows } = await pool.query<{ id: string; workspace_id: string }>(
      'select id, workspace_id from app_public.tasks where is_test',
    );
    assert.equal(rows.length, 3);
    const seen = await data(
      'query ($id: UUID!) { tasks { totalCount nodes { isTest } } workspace(id: $id) { tasks { totalCount nodes { isTest } } } }',
      { id: rows[0]?.workspace_id },
    );
    assert.deepEqual(seen, {
      tasks: { totalCount: 1, nodes: [{ isTest: false }] },
      workspace: { tasks: { totalCount: 1, nodes: [{ isTest: false }] } },
    });
    await eventually(
      () => data('query ($id: UUID!) { task(id: $id) { status } }', { id: rows[0]?.id }),
      (answer) => at(answer, 'task.status') === 'completed',
    );
  });

  test('a frozen service is waited for, and ten wait at most; one that is switched off is refused', async () => {
    const { taskId } = await aDraft(pool);
    const off = await graphql(sendTestMail, {
      input: { taskId, to: 'tester@example.com', emailServiceId: ids['south'] },
    });
    assert.equal(off.errors?.[0]?.extensions?.field, 'emailServiceId');
    await pool.query(
      `update app_public.email_services set is_enabled = true, frozen_until = app_hidden.current_time() + interval '1 hour' where id = $1`,
      [ids['south']],
    );
    const input = { taskId, to: 'tester@example.com', emailServiceId: ids['south'] };
    const first = textAt(await data(sendTestMail, { input }), 'sendTestMail.subTask.id');
    for (let number = 2; number <= 10; number += 1) await data(sendTestMail, { input });
    const { errors } = await graphql(sendTestMail, { input });
    assert.equal(errors?.[0]?.extensions?.code, 'LIMIT');
    assert.equal(await one(pool, 'select status from app_public.sub_tasks where id = $1', [first]), 'pending');
    assert.equal(simulator.summary({}).accounts['south'], undefined);
  });

  test('what can not be sent is refused with the field, and leaves nothing behind', async () => {
    const { taskId } = await aDraft(pool);
    const workspaceId = await workspaceOf(taskId);
    await pool.query(
      `insert into app_public.suppressions (workspace_id, email, reason) values ($1, 'gone@example.com', 'hard_bounce')`,
      [workspaceId],
    );
    const hidden = await aService(pool, { isShared: false });
    const foreign = await aDraft(pool);
    const templateId = await one<string>(pool, 'select template_id from app_public.task_templates where task_id = $1', [
      foreign.taskId,
    ]);
    const refusals = [
      [{ taskId, to: 'Gone@Example.com' }, 'SUPPR', 'to'],
      [{ taskId, to: 'nobody' }, 'BADIN', 'to'],
      [{ taskId, to: 'tester@example.com', emailServiceId: hidden }, 'BADIN', 'emailServiceId'],
      [{ to: 'tester@example.com' }, 'BADIN', 'templateId'],
      [{ taskId, templateId, to: 'tester@example.com' }, 'BADIN', 'templateId'],
      [{ taskId: workspaceId, to: 'tester@example.com' }, 'NTFND', 'taskId'],
    ] as const;
    const before = await one(pool, 'select count(*)::integer from app_public.tasks');
    for (const [input, code, field] of refusals) {
      const { errors } = await graphql(sendTestMail, { input });
      assert.deepEqual(
        [errors?.[0]?.extensions?.code, errors?.[0]?.extensions?.field],
        [code, field],
        JSON.stringify(input),
      );
    }
    assert.equal(await one(pool, 'select count(*)::integer from app_public.tasks'), before);
  });

  test('it takes the role sender, in that workspace', async () => {
    const { taskId } = await aDraft(pool);
    const plan = (workspaceId: string, role: 'editor' | 'sender') =>
      asMember(pool, workspaceId, role, (db) =>
        one(db, `select app_private.mail_plan($1, null, null, null, null, 'sender')`, [taskId]),
      );
    await assert.rejects(plan(await workspaceOf(taskId), 'editor'), { code: 'FRBDN' });
    await assert.rejects(plan((await aDraft(pool)).workspaceId, 'sender'), { code: 'NTFND' });
    await assert.doesNotReject(plan(await workspaceOf(taskId), 'sender'));
    const create = (workspaceId: string, asked: string) =>
      asMember(pool, workspaceId, 'sender', (db) =>
        one(
          db,
          `select app_private.create_test_mail($1, null, null, null, null, gen_random_uuid(), 'a@example.com', 'x', 'x', 'x', 'x', '{}')`,
          [asked],
        ),
      );
    await assert.rejects(create((await aDraft(pool)).workspaceId, await workspaceOf(taskId)), { code: 'NTFND' });
  });
});
