// Promise: an admin reads over the API what an operator reads in a terminal, mends by a plan that was shown and by no other, and is named in the
// audit trail; nobody else sees or mends anything.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { z } from 'zod';
import { aSoundScene, faults, liveWorkers } from '../ops/planted.ts';
import { anApiToken, aUser } from '../server/access_support.ts';
import { post, startTestServer } from '../server/support.ts';
import { one } from '../support/scene.ts';

const health = '{ health { state at checks { name state says remedy mayPass figures { name number time } } } }';
const diagnosis = /* GraphQL */ `
  query ($taskId: UUID!) {
    taskDiagnosis(taskId: $taskId) {
      task { id status }
      faults { repair says remedy }
      failures { code mails }
      services { name standing inFlight quotaLeft thawsAt freezeReason acceptedShare heardAt service { id } }
      waitingWebhooks
      silentServices
    }
  }`;
const history = /* GraphQL */ `
  query ($subTaskId: UUID!) {
    subTaskHistory(subTaskId: $subTaskId) { subTask { id status } now mailsToAddress steps { at what who says } }
  }`;
const plan = 'kind hash mends steps { subject name howMany says }';
const planRepair = `query ($kind: RepairKind!, $taskId: UUID) { planRepair(kind: $kind, taskId: $taskId) { ${plan} } }`;
const repairPlans = `{ repairPlans { ${plan} } }`;
const repair = /* GraphQL */ `
  mutation ($kind: RepairKind!, $planHash: String!, $taskId: UUID) {
    repair(input: { kind: $kind, planHash: $planHash, taskId: $taskId }) { count }
  }`;

const aPlan = z.object({
  kind: z.string(),
  hash: z.string(),
  steps: z.array(z.object({ subject: z.string(), howMany: z.number() })),
});
const anId = '00000000-0000-0000-0000-000000000000';

suite('operations over the API', async () => {
  const { pool, server, data, graphql } = await startTestServer();
  const { taskId, serviceId } = await aSoundScene(pool);
  await liveWorkers(pool);
  const subTaskId = await one<string>(pool, 'select id from app_public.sub_tasks order by id limit 1');
  const planOf = async (kind: string, ofTask: string | null = null) =>
    z.object({ planRepair: aPlan }).parse(await data(planRepair, { kind, taskId: ofTask })).planRepair;
  const stateOfCheck = async (name: string) => {
    const shape = z.object({
      health: z.object({ state: z.string(), checks: z.array(z.object({ name: z.string(), state: z.string() })) }),
    });
    const { state, checks } = shape.parse(await data(health)).health;
    return { state, check: checks.find((check) => check.name === name)?.state };
  };
  const refusal = async (query: string, variables: object) => {
    const { errors = [] } = await graphql(query, variables);
    return { code: errors[0]?.extensions?.code, field: errors[0]?.extensions?.field };
  };

  test('a mail’s life is told step by step, and where it stands', async () => {
    const { subTaskHistory: found } = Object(await data(history, { subTaskId }));
    assert.deepEqual(found.subTask, { id: subTaskId, status: 'pending' });
    assert.deepEqual(found.steps.map(({ what }: { what: string }) => what).slice(0, 1), ['rendered']);
    assert.equal(found.mailsToAddress, 1);
    assert.notEqual(found.now, '');
  });

  test('what ails a Task is told with the repair that mends it, and its services', async () => {
    await pool.query('update app_public.email_services set in_flight = 7');
    const { taskDiagnosis: found } = Object(await data(diagnosis, { taskId }));
    assert.deepEqual(found.task, { id: taskId, status: 'queued' });
    assert.deepEqual(
      found.faults.map(({ repair }: { repair: string }) => repair),
      ['slots'],
    );
    assert.partialDeepStrictEqual(found.services, [
      { service: { id: serviceId }, name: 'north', standing: 'sending', inFlight: 7 },
    ]);
    await pool.query('update app_public.email_services set in_flight = 0');
  });

  test('a plan is carried out by its hash, once, in the name of who asked', async () => {
    const { what, check, plant, isMended, verb, state } =
      faults['mails claimed by a worker that died'] ?? assert.fail();
    await plant(pool);
    assert.deepEqual(await stateOfCheck(check), { state, check: state });
    const { kind, hash, steps } = await planOf(what);
    assert.equal(kind, what);
    assert.equal(steps.length, 1);
    assert.deepEqual(await refusal(repair, { kind, planHash: 'of another' }), { code: 'TRANS', field: 'planHash' });
    assert.equal(await isMended(pool), false);
    const { repairPlans: all } = z.object({ repairPlans: z.array(aPlan) }).parse(await data(repairPlans));
    assert.equal(all.find((each) => each.kind === what)?.hash, hash);
    assert.deepEqual(await data(repair, { kind, planHash: hash }), { repair: { count: steps[0]?.howMany } });
    assert.equal(await isMended(pool), true);
    assert.deepEqual(await refusal(repair, { kind, planHash: hash }), { code: 'TRANS', field: 'planHash' });
    const { rows } = await pool.query(
      'select what, why, actor, detail->>$1 as "userId" from app_hidden.repairs order by id desc limit 1',
      ['userId'],
    );
    const userId = await one(pool, `select id from app_public.users where email = 'admin@example.com'`);
    assert.deepEqual(rows, [{ what: verb, why: 'asked for over the API', actor: 'admin@example.com', userId }]);
  });

  test('the plan of nothing has a hash, too, and does nothing', async () => {
    const { hash, steps } = await planOf('counters', taskId);
    assert.deepEqual(steps, []);
    assert.deepEqual(await data(repair, { kind: 'counters', planHash: hash, taskId }), { repair: { count: 0 } });
  });

  test('what is not there, or not to be mended that way, is said by its field', async () => {
    assert.deepEqual(await refusal(diagnosis, { taskId: anId }), { code: 'NTFND', field: 'taskId' });
    assert.deepEqual(await refusal(history, { subTaskId: anId }), { code: 'NTFND', field: 'subTaskId' });
    assert.deepEqual(await refusal(planRepair, { kind: 'counters', taskId: anId }), { code: 'NTFND', field: 'taskId' });
    assert.deepEqual(await refusal(planRepair, { kind: 'wake', taskId }), { code: 'BADIN', field: 'taskId' });
  });

  test('who is no admin is refused everything of it, an admin’s narrower token too', async () => {
    const workspaceId = await one(pool, 'select workspace_id from app_public.tasks where id = $1', [taskId]);
    const manager = await aUser(pool, 'manager@example.com');
    await pool.query(`insert into app_public.memberships (workspace_id, user_id, role) values ($1, $2, 'manager')`, [
      workspaceId,
      manager,
    ]);
    const admin = await aUser(pool, 'second@example.com', { isAdmin: true });
    const { hash } = await planOf('fold');
    const requests: [string, object][] = [
      [health, {}],
      [diagnosis, { taskId }],
      [history, { subTaskId }],
      [repairPlans, {}],
      [planRepair, { kind: 'fold' }],
      [repair, { kind: 'fold', planHash: hash }],
    ];
    for (const userId of [manager, admin]) {
      const { authorization } = await anApiToken(pool, userId, { role: 'manager' });
      for (const [query, variables] of requests) {
        const { errors = [] } = await post(server.url, query, variables, authorization);
        assert.deepEqual(
          errors.map(({ message, extensions }) => [message, extensions?.code]),
          [['your role may not do that', 'FRBDN']],
          query,
        );
      }
    }
  });

  test('the audit trail believes no setting that an operator wrote', async () => {
    const db = await pool.connect();
    try {
      await db.query('begin');
      await db.query(`select set_config('postilion.user_id', (select id from app_public.users limit 1)::text, true)`);
      await db.query('set local role postilion_operator');
      await db.query(`select ops.mend('fold', hash) from (select distinct hash from ops.read_plan('fold')) as plan`);
      await db.query('reset role');
      await db.query(`select app_hidden.record_repair('test', null, 'a test', 1)`);
      assert.equal(
        await one(
          db,
          'select bool_and(actor = session_user) from app_hidden.repairs where id = (select max(id) from app_hidden.repairs)',
        ),
        true,
      );
    } finally {
      await db.query('rollback');
      db.release();
    }
  });

  test('the kinds that the schema has are those that there are', async () => {
    assert.equal(
      await one(
        pool,
        'select enum_range(null::app_public.repair_kind)::text[] = (select array_agg(what order by place) from app_hidden.repair_kinds())',
      ),
      true,
    );
  });
});
