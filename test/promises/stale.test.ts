// Promise: a worker whose lease was lost, in whatever way, is refused by code in whatever it says, and not one row changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { changeBatch } from '../../src/database/queue/change_batch.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { returnClaims } from '../../src/database/queue/return_claims.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, type Claimed, clockForward, one } from '../support/scene.ts';
import { chaos, unmet } from './support.ts';

const batch = 20;
const words: SendResult['kind'][] = ['accepted', 'refused', 'deferred', 'unusable', 'unknown', 'not_sent'];

interface Scene {
  readonly taskId: string;
  readonly serviceId: string;
  readonly claim: Claimed;
}

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

test('processes are stopped for longer than their leases', async () => {
  const figures = await chaos('stop', '--stops', '2', '--workers', '4', '--services', '4', '--recipients', '600');
  assert.equal(figures['stops']?.value, 2);
  assert.deepEqual(unmet(figures), []);
});

/** How a lease is lost: before the hand-over is begun, or after. */
const losses: Record<string, (db: Queryable, scene: Scene) => Promise<unknown>> = {
  'it ran out': async (db) => {
    await clockForward(db, '1 hour');
    await reapLeases(db);
  },
  'another loop took the service': takeOver,
  'it was returned': (db, { serviceId, claim }) => returnClaims(db, serviceId, claim.claimToken, claim.subTaskIds),
  'the task was paused': (db, { taskId }) => db.query('select app_public.pause_task($1)', [taskId]),
  'the task was cancelled': (db, { taskId }) => db.query('select app_public.cancel_task($1)', [taskId]),
  'its mails were completed': async (db, scene) => {
    await beginSends(db, scene.claim.claimToken, scene.claim.subTaskIds);
    await complete(db, scene, 'accepted');
  },
  'an operator said that they were sent': (db, scene) => settle(db, scene, true),
  'an operator said that they were not sent': (db, scene) => settle(db, scene, false),
  'an operator had them sent again': async (db, scene) => {
    await inDoubt(db, scene);
    await changeBatch(db, scene.taskId, 'resend_uncertain', null, batch);
  },
  'they were sent again by another': async (db, scene) => {
    await inDoubt(db, scene);
    await changeBatch(db, scene.taskId, 'resend_uncertain', null, batch);
    const { claim } = await takeOver(db, scene);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
  },
};

for (const [loss, lose] of Object.entries(losses))
  test(`the lease of ${batch} mails was lost: ${loss}`, () =>
    withTransaction(database.pool, async (db) => {
      const scene = await aBatch(db);
      const { claimToken, subTaskIds } = scene.claim;
      await lose(db, scene);
      const before = await everything(db);
      const { mails, refused } = await beginSends(db, claimToken, subTaskIds);
      assert.deepEqual(mails, []);
      assert.deepEqual(refused.map(({ id, refusal }) => `${id} ${refusal}`).sort(), subTaskIds.map(withLease).sort());
      for (const word of words) assert.deepEqual(await complete(db, scene, word), subTaskIds.toSorted(), word);
      assert.equal(await returnClaims(db, scene.serviceId, claimToken, subTaskIds), 0);
      assert.deepEqual(await everything(db), before);
    }));

async function aBatch(db: Queryable): Promise<Scene> {
  const { taskId } = await aQueuedTask(db, { recipients: batch });
  const serviceId = await aService(db, { intervalMs: 0, maxInFlight: batch });
  const { claim } = await aClaim(db, serviceId, batch);
  assert.equal(claim.subTaskIds.length, batch);
  return { taskId, serviceId, claim };
}

async function takeOver(db: Queryable, { serviceId }: Scene): Promise<{ claim: Claimed }> {
  await clockForward(db, '1 hour');
  return aClaim(db, serviceId, batch);
}

/** Begun, and never heard of. */
async function inDoubt(db: Queryable, { claim }: Scene): Promise<void> {
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  await clockForward(db, '1 hour');
  assert.equal(await reapLeases(db), batch);
}

async function settle(db: Queryable, scene: Scene, wasSent: boolean): Promise<void> {
  await inDoubt(db, scene);
  for (const id of scene.claim.subTaskIds) await db.query('select app_public.settle_uncertain($1, $2)', [id, wasSent]);
}

// Without a message id: what the provider calls a mail is worth knowing whoever says it.
function complete(db: Queryable, { serviceId, claim }: Scene, kind: SendResult['kind']): Promise<string[]> {
  const results = claim.subTaskIds.map((id) => ({
    id,
    kind,
    messageId: null,
    code: kind === 'accepted' ? null : 'late',
    message: null,
    response: null,
    roundTripMs: 1,
    retryAfterMs: null,
  }));
  return completeSends(db, serviceId, claim.claimToken, results);
}

function withLease(id: string): string {
  return `${id} LEASE`;
}

/** All that a hand-over could change. */
function everything(db: Queryable): Promise<unknown> {
  return one(
    db,
    `select jsonb_build_object(
       'subTasks', (select jsonb_agg(to_jsonb(st) order by st.id) from app_public.sub_tasks st),
       'services', (select jsonb_agg(to_jsonb(s) order by s.id) from app_public.email_services s),
       'ledger', (select count(*) from app_hidden.sub_task_changes),
       'counters', (select count(*) from app_hidden.task_counter_changes))`,
  );
}
