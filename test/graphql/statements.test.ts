// Promise: an operation costs so many statements, however many rows it answers with; and what it says is what the rows say.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { at } from '../server/support.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';
import { schemaUnderTest } from './counting.ts';

const list = `query ($n: Int) { tasks(first: $n) { nodes {
  id name status createdAt scheduledAt
  statistics { total open states { pending sent failed uncertain } funnel { sent delivered humanOpened } rates { delivery humanClick } }
  services { name sent delivered bounced failed uncertain meanAnswerMs } } } }`;

suite('statements', async () => {
  const { ask, pool } = await schemaUnderTest();
  const serviceId = await aService(pool, { intervalMs: 0 });
  const scenes = [];
  for (let i = 0; i < 6; i++) scenes.push(await aQueuedTask(pool, { recipients: 8 }));
  const { claim } = await aClaim(pool, serviceId, 4);
  await pool.query('select app_private.begin_sends($1, $2)', [claim.claimToken, claim.subTaskIds]);
  const [accepted = '', refused = '', doubtful = '', late = ''] = claim.subTaskIds;
  const result = { messageId: null, code: null, message: null, response: null, roundTripMs: null, retryAfterMs: null };
  await completeSends(pool, serviceId, claim.claimToken, [
    { ...result, id: accepted, kind: 'accepted', roundTripMs: 30 },
    { ...result, id: refused, kind: 'refused', code: 'no_such_user' },
    { ...result, id: doubtful, kind: 'unknown' },
  ]);
  const taskId = await one<string>(pool, 'select task_id from app_public.sub_tasks where id = $1', [accepted]);

  test('a list of Tasks with statistics and services: one', async () => {
    for (const n of [1, 6]) {
      const { data, errors, statements } = await ask(list, { n });
      assert.deepEqual(errors, []);
      assert.equal(Object(at(data, 'tasks.nodes')).length, n);
      assert.equal(statements.length, 1);
    }
  });

  test('of services those numbers alone that are asked for, under whatever name', async () => {
    const { data, errors, statements } = await ask(
      `query ($id: UUID!) { task(id: $id) {
         names: services { name } answers: services { meanAnswerMs service { id } } more: services { ...Failed failed } } }
       fragment Failed on TaskService { failed uncertain }`,
      { id: taskId },
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(JSON.parse(JSON.stringify(at(data, 'task'))), {
      names: [
        { name: await one<string>(pool, 'select name from app_public.email_services where id = $1', [serviceId]) },
      ],
      answers: [{ meanAnswerMs: 30, service: { id: serviceId } }],
      more: [{ failed: 1, uncertain: 1 }],
    });
    assert.equal(statements.length, 2);
    const [first] = statements;
    assert.match(first?.text ?? '', /"answer_ms"/);
    assert.doesNotMatch(first?.text ?? '', /"delivered"|"bounced"/);
  });

  test('with what is computed from queues and services, and the services themselves: two', async () => {
    const { errors, statements } = await ask(`{ tasks { nodes { forecast { finishesAt left } forecastByService { share }
      whyNotSending { reason } series(step: hour) { at sent } services { service { name intervalMs } } } } }`);
    assert.deepEqual(errors, []);
    assert.equal(statements.length, 2);
  });

  test('a Task with its mails, their addresses and services: one, of however many Tasks', async () => {
    const mails =
      'subTasks(first: 5, filter: { status: [pending] }) { nodes { id status mail { recipientEmail } service { name } } }';
    const detail = await ask(`query ($id: UUID!) { task(id: $id) { name statistics { total } ${mails} } }`, {
      id: taskId,
    });
    assert.deepEqual(detail.errors, []);
    assert.equal(detail.statements.length, 1);
    const all = await ask(`{ tasks { nodes { ${mails} } } }`);
    assert.equal(all.statements.length, 1);
  });

  test('lists within lists, their counts: one', async () => {
    const { errors, statements } =
      await ask(`{ workspaces(first: 10) { nodes { name contacts(first: 2, filter: { emailPrefix: "a", status: active }) { totalCount nodes { email } }
      senders(first: 2) { nodes { name tasks { totalCount } } } } } }`);
    assert.deepEqual(errors, []);
    assert.equal(statements.length, 1);
  });

  const told = async (): Promise<unknown> => {
    const { data } = await ask(
      'query ($id: UUID!) { task(id: $id) { statistics { total states { sent failed uncertain } funnel { sent } } services { serviceId sent failed uncertain meanAnswerMs } } }',
      { id: taskId },
    );
    return JSON.parse(JSON.stringify(at(data, 'task')));
  };
  const expected = {
    statistics: { total: 8, states: { sent: 1, failed: 1, uncertain: 1 }, funnel: { sent: 1 } },
    services: [{ serviceId, sent: 1, failed: 1, uncertain: 1, meanAnswerMs: 30 }],
  };

  test('statistics and services are what the rows say, before they are folded and after', async () => {
    assert.deepEqual(await told(), expected);
    await pool.query('select app_private.fold_counters()');
    assert.deepEqual(await told(), expected);
    await pool.query('select app_private.fold_counters()');
    assert.deepEqual(await told(), expected);
  });

  test('series have every point, and the present in them, of a Task and of a service', async () => {
    const sums = async (of: string, id: string, step: string) => {
      const { data, errors } = await ask(
        `query ($id: UUID!) { ${of}(id: $id) { series(step: ${step}) { at sent failed } } }`,
        { id },
      );
      assert.deepEqual(errors, []);
      const points: unknown = at(data, `${of}.series`);
      assert.ok(Array.isArray(points));
      const sum = (name: string) => points.reduce((all: number, point: unknown) => all + Number(at(point, name)), 0);
      return { length: points.length, sent: sum('sent'), failed: sum('failed') };
    };
    for (const [of, id] of [
      ['task', taskId],
      ['emailService', serviceId],
    ] as const) {
      const minutes = await sums(of, id, 'minute');
      assert.ok(minutes.length >= 1440 && minutes.length <= 1441);
      assert.deepEqual([minutes.sent, minutes.failed], [1, 1]);
      const hours = await sums(of, id, 'hour');
      assert.ok(hours.length >= 24 && hours.length <= 25);
      assert.deepEqual([hours.sent, hours.failed], [1, 1]);
    }
    const tooLong = await ask(
      'query ($id: UUID!) { task(id: $id) { series(step: hour, since: "2000-01-01T00:00:00Z") { at } } }',
      { id: taskId },
    );
    assert.match(String(tooLong.errors[0]?.message), /^since: a series has 1500 points at most/);
  });

  test('what is not folded yet is added to what is', async () => {
    await pool.query('select app_private.fold_counters()');
    await completeSends(pool, serviceId, claim.claimToken, [
      { ...result, id: late, kind: 'accepted', roundTripMs: 50 },
    ]);
    assert.deepEqual(await told(), {
      statistics: { total: 8, states: { sent: 2, failed: 1, uncertain: 1 }, funnel: { sent: 2 } },
      services: [{ serviceId, sent: 2, failed: 1, uncertain: 1, meanAnswerMs: 40 }],
    });
  });
});
