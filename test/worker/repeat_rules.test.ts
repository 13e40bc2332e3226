// Promise: a lease is extended for whoever holds it, and a mail is repeated only where the database can say that it won't be doubled.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginRepeat } from '../../src/database/queue/begin_repeat.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeClaims } from '../../src/database/queue/complete_claims.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { extendLeases } from '../../src/database/queue/extend_leases.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { parseNewEmailService } from '../../src/server/graphql/new_email_service.ts';
import { notSent, toResult } from '../../src/worker/send_result.ts';
import * as operations from '../server/operations.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, clockForward, one, statusOf } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

const accepted = { kind: 'accepted', messageId: 'm', response: 'ok' } as const;

async function aBegunMail(db: Queryable) {
  const { taskId, workspaceId } = await aQueuedTask(db);
  const serviceId = await aService(db, { intervalMs: 0 });
  await db.query('update app_public.email_services set repeats_are_idempotent = true where id = $1', [serviceId]);
  const { claim } = await aClaim(db, serviceId);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const [id] = claim.subTaskIds;
  assert.ok(id !== undefined);
  const repeat = () => beginRepeat(db, serviceId, claim.claimToken, id);
  return { taskId, workspaceId, serviceId, token: claim.claimToken, id, repeat };
}

test(
  'an extended lease begins anew, and the loop with it',
  inTransaction(async (db) => {
    const { serviceId, token, id } = await aBegunMail(db);
    await clockForward(db, '20 s');
    assert.deepEqual(await extendLeases(db, serviceId, token, [id]), [id]);
    await clockForward(db, '20 s');
    assert.equal(await reapLeases(db), 0);
    assert.ok(
      await one<boolean>(
        db,
        'select loop_expires_at > app_hidden.current_time() from app_public.email_services where id = $1',
        [serviceId],
      ),
    );
  }),
);

test(
  'a lease is not extended for another token, nor when it has run out',
  inTransaction(async (db) => {
    const { serviceId, token, id, repeat } = await aBegunMail(db);
    assert.deepEqual(await extendLeases(db, serviceId, randomUUID(), [id]), []);
    await clockForward(db, '31 s');
    assert.deepEqual(await extendLeases(db, serviceId, token, [id]), []);
    assert.equal(await repeat(), 'LEASE');
    assert.equal(await reapLeases(db), 1);
    assert.equal(await statusOf(db, id), 'uncertain');
  }),
);

test(
  'a repeat is an attempt more, and is allowed for 45 minutes',
  inTransaction(async (db) => {
    const { serviceId, token, id, repeat } = await aBegunMail(db);
    assert.equal(await repeat(), null);
    assert.equal(await one(db, 'select attempts from app_public.sub_tasks where id = $1', [id]), 2);
    for (let seconds = 0; seconds < 45 * 60; seconds += 25) {
      await clockForward(db, '25 s');
      assert.deepEqual(await extendLeases(db, serviceId, token, [id]), [id]);
    }
    assert.equal(await repeat(), 'TWICE');
  }),
);

const hindrances: Record<string, { refusal: string; sql: string }> = {
  'the service does not say that repeats are idempotent': {
    refusal: 'TWICE',
    sql: 'update app_public.email_services set repeats_are_idempotent = false where id = $1',
  },
  'the mail was in doubt before this claim': {
    refusal: 'TWICE',
    sql: 'update app_public.sub_tasks set uncertain_at = now() where service_id = $1',
  },
  'the service is off': {
    refusal: 'HALTD',
    sql: 'update app_public.email_services set is_enabled = false where id = $1',
  },
  'the service is frozen': {
    refusal: 'FROZN',
    sql: `update app_public.email_services set frozen_until = now() + interval '1 min' where id = $1`,
  },
  'the address is suppressed': {
    refusal: 'SUPPR',
    sql: `insert into app_public.suppressions (workspace_id, email, reason)
          select t.workspace_id, m.recipient_email, 'unsubscribe'
            from app_public.sub_tasks st join app_public.tasks t on t.id = st.task_id join app_public.sub_task_mails m on m.sub_task_id = st.id
           where st.service_id = $1`,
  },
};

for (const [name, { refusal, sql }] of Object.entries(hindrances)) {
  test(
    `no repeat where ${name}`,
    inTransaction(async (db) => {
      const { serviceId, repeat } = await aBegunMail(db);
      await db.query(sql, [serviceId]);
      assert.equal(await repeat(), refusal);
    }),
  );
}

test(
  'no repeat where the Task is paused, nor where the outcome is known',
  inTransaction(async (db) => {
    const { taskId, serviceId, token, id, repeat } = await aBegunMail(db);
    await db.query('select app_public.pause_task($1)', [taskId]);
    assert.equal(await repeat(), 'HALTD');
    await completeSends(db, serviceId, token, [notSent(id)]);
    assert.equal(await repeat(), 'LEASE');
  }),
);

test(
  'results of several claims are recorded at once, each under its own token',
  inTransaction(async (db) => {
    await aQueuedTask(db);
    const serviceId = await aService(db, { intervalMs: 0 });
    const { claim: first, loopToken } = await aClaim(db, serviceId);
    const second = await claimSubTasks(db, serviceId, loopToken, 1);
    assert.ok(second.outcome === 'claimed');
    const results = await Promise.all(
      [first, second].map(async ({ claimToken, subTaskIds }) => {
        const { mails } = await beginSends(db, claimToken, subTaskIds);
        return mails.map(({ id }) => ({ ...toResult(id, accepted, 1), claimToken }));
      }),
    );
    const [one, two] = results.flat();
    assert.ok(one !== undefined && two !== undefined);
    assert.deepEqual(await completeClaims(db, serviceId, [one, { ...two, claimToken: randomUUID() }]), [two.id]);
    assert.deepEqual([await statusOf(db, one.id), await statusOf(db, two.id)], ['sent', 'sending']);
    assert.deepEqual(await completeClaims(db, serviceId, [one, two]), [one.id]);
    assert.equal(await statusOf(db, two.id), 'sent');
  }),
);

test(
  'SMTP has no idempotent repeats',
  inTransaction(async (db) => {
    assert.throws(
      () =>
        parseNewEmailService({
          ...operations.aService,
          provider: 'smtp',
          baseUrl: 'smtp://mail.example',
          credentials: {},
          intervalMs: 0,
          maxInFlight: 1,
          timezone: 'UTC',
          timeoutMs: 1_000,
          isShared: true,
          repeatsAreIdempotent: true,
        }),
      /^Fault: repeatsAreIdempotent: /,
    );
    const id = await aService(db, { provider: 'smtp', baseUrl: 'smtp://mail.example' });
    await assert.rejects(
      db.query('update app_public.email_services set repeats_are_idempotent = true where id = $1', [id]),
      { code: '23514' },
    );
  }),
);
