// Promise: whatever order events come in, and however often, a SubTask, its Contact and the statistics end where the events say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { applyEvents, type EventToApply } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { anEvent, aResult, softBounceLimit } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, clockForward, driftOf, one, statusOf } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

function event(more: Partial<EventToApply>): EventToApply {
  return anEvent('', 'delivered', { sub_task_id: null, sub_task_id_from: null, may_wait: true, ...more });
}

const apply = (db: Queryable, events: EventToApply[]) => applyEvents(db, events, softBounceLimit);

async function aBegunMail(db: Queryable) {
  const scene = await aQueuedTask(db, { recipients: 1 });
  const serviceId = await aService(db, { intervalMs: 0 });
  const { claim } = await aClaim(db, serviceId);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const id = claim.subTaskIds[0] ?? '';
  const answer = (kind: SendResult['kind'], messageId: string | null = null) =>
    completeSends(db, serviceId, claim.claimToken, [aResult(id, kind, { messageId })]);
  return { ...scene, id, answer, accept: () => answer('accepted', 'message 1') };
}
type BegunMail = Awaited<ReturnType<typeof aBegunMail>>;

async function aSentMail(db: Queryable) {
  const scene = await aBegunMail(db);
  await scene.accept();
  return scene;
}

const contactStatus = (db: Queryable, subTaskId: string) =>
  one(
    db,
    'select c.status from app_public.contacts c join app_public.sub_task_mails m on m.contact_id = c.id where m.sub_task_id = $1',
    [subTaskId],
  );

test(
  'an event finds its SubTask by id, by message id and by tracking id',
  inTransaction(async (db) => {
    const { id, taskId } = await aSentMail(db);
    const trackingId = await one<string>(
      db,
      'select tracking_id from app_public.sub_task_mails where sub_task_id = $1',
      [id],
    );
    await apply(db, [
      event({ sub_task_id: id, sub_task_id_from: 'custom_args' }),
      event({ kind: 'open', message_id: 'message 1' }),
      event({ kind: 'click', tracking_id: trackingId }),
      event({ kind: 'click', message_id: 'of another system', may_wait: false }),
    ]);
    const { rows } = await db.query('select strategy from app_public.mail_events order by id');
    assert.deepEqual(
      rows.map(({ strategy }) => strategy).sort(),
      ['custom_args', 'message_id', 'tracking_id', null].sort(),
    );
    assert.equal(await statusOf(db, id), 'clicked');
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'an event known only by a message id that nobody has yet waits for it',
  inTransaction(async (db) => {
    const { id, accept } = await aBegunMail(db);
    const bounce = event({ event_log_id: 7, kind: 'hard_bounce', message_id: 'message 1' });
    assert.deepEqual(await apply(db, [bounce]), [7]);
    await accept();
    assert.deepEqual(await apply(db, [bounce]), []);
    assert.equal(await statusOf(db, id), 'bounced');
  }),
);

test(
  'a webhook that overtakes the worker waits on the row',
  inTransaction(async (db) => {
    const { id, accept, taskId } = await aBegunMail(db);
    await apply(db, [event({ sub_task_id: id })]);
    assert.equal(await statusOf(db, id), 'sending');
    await accept();
    assert.equal(await statusOf(db, id), 'delivered');
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

const endsInDoubt = {
  'its lease is over': async (db: Queryable) => {
    await clockForward(db, '1 minute');
    await reapLeases(db);
  },
  'its worker does not know': (_: Queryable, { answer }: BegunMail) => answer('unknown'),
};
const wordsOfItsProvider = [
  [['sent'], 'sent'],
  [['deferred'], 'sent'],
  [['failed'], 'failed'],
  [['failed', 'deferred'], 'sent'],
  [['delivered'], 'delivered'],
] as const;

for (const [way, endInDoubt] of Object.entries(endsInDoubt))
  for (const [words, ends] of wordsOfItsProvider)
    for (const isEarly of [true, false])
      test(
        `a mail in doubt is settled by ${words.join(' and ')}, ${isEarly ? 'told before' : 'told after'} ${way}: ${ends}`,
        inTransaction(async (db) => {
          const mail = await aBegunMail(db);
          if (!isEarly) await endInDoubt(db, mail);
          const occurred_at = new Date(Date.now() + 1_000).toISOString();
          for (const kind of words) await apply(db, [event({ kind, sub_task_id: mail.id, occurred_at })]);
          if (isEarly) {
            assert.equal(await statusOf(db, mail.id), 'sending');
            await endInDoubt(db, mail);
          }
          assert.equal(await statusOf(db, mail.id), ends);
          assert.equal(await driftOf(db, mail.taskId), 0);
        }),
      );

test(
  'a late hard bounce stands, a soft one is undone by a delivery',
  inTransaction(async (db) => {
    const hard = await aSentMail(db);
    await apply(db, [event({ sub_task_id: hard.id }), event({ kind: 'click', sub_task_id: hard.id })]);
    await apply(db, [event({ kind: 'hard_bounce', sub_task_id: hard.id, occurred_at: '2026-02-01' })]);
    assert.equal(await statusOf(db, hard.id), 'bounced');
    assert.equal(await contactStatus(db, hard.id), 'bounced');
    const soft = await aSentMail(db);
    await apply(db, [event({ kind: 'soft_bounce', sub_task_id: soft.id })]);
    assert.equal(await statusOf(db, soft.id), 'bounced');
    assert.equal(await contactStatus(db, soft.id), 'active');
    await apply(db, [event({ sub_task_id: soft.id, occurred_at: '2026-01-02' })]);
    assert.equal(await statusOf(db, soft.id), 'delivered');
  }),
);

test(
  'who unsubscribes is not written to again',
  inTransaction(async (db) => {
    const { id, workspaceId } = await aSentMail(db);
    await apply(db, [event({ kind: 'unsubscribe', sub_task_id: id })]);
    assert.equal(await contactStatus(db, id), 'unsubscribed');
    assert.equal(
      await one(db, 'select reason from app_public.suppressions where workspace_id = $1', [workspaceId]),
      'unsubscribe',
    );
  }),
);

test('any order, with repeats, ends in the same state', async () => {
  const kinds = ['sent', 'delivered', 'open', 'click', 'soft_bounce', 'hard_bounce', 'unsubscribe', 'complaint'];
  const history = fc.array(fc.record({ kind: fc.constantFrom(...kinds), minute: fc.integer({ min: 0, max: 59 }) }), {
    maxLength: 8,
  });
  const state = (db: Queryable, id: string) =>
    one<object>(
      db,
      `select to_jsonb(st) - '{id,task_id,contact_id,position,template_id,service_id,claim_token,created_at,handed_over_at,scheduled_at,
         sent_at,sender_email,round_trip_ms,lease_expires_at,claimed_by,quota_day}'::text[]
         from app_public.sub_tasks st where id = $1`,
      [id],
    );
  await fc.assert(
    fc.asyncProperty(history, fc.infiniteStream(fc.nat()), (given, chance) =>
      withTransaction(database.pool, async (db) => {
        const ordered = await aSentMail(db);
        const shuffled = await aSentMail(db);
        const eventsFor = (id: string) =>
          given.map(({ kind, minute }) =>
            event({ kind, sub_task_id: id, occurred_at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z` }),
          );
        for (const each of eventsFor(ordered.id)) await apply(db, [each]);
        const others = eventsFor(shuffled.id);
        const twice = [...others, ...others].map((each) => ({ each, at: chance.next().value ?? 0 }));
        for (const { each } of twice.sort((a, b) => a.at - b.at)) await apply(db, [each]);
        assert.deepEqual(await state(db, shuffled.id), await state(db, ordered.id));
        assert.equal(await contactStatus(db, shuffled.id), await contactStatus(db, ordered.id));
        assert.equal(await driftOf(db, shuffled.taskId), 0);
      }),
    ),
    { numRuns: 40 },
  );
});
