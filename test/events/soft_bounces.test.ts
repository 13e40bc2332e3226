// Promise: soft bounces in a row suppress an address at the limit, and a delivery that is heard of later lifts exactly that again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { driftOf, one } from '../support/scene.ts';
import { about, anEventWorld, apply, atMinute, type EventWorld, limit, type SentMail, versionsOf } from './world.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

/** One Contact and a mail more than it takes to suppress it. */
const withMails =
  (work: (db: Queryable, mails: readonly [SentMail, SentMail, SentMail], world: EventWorld) => Promise<void>) => () =>
    withTransaction(database.pool, async (db) => {
      const world = await anEventWorld(db, { tasks: limit + 1 });
      const [first, second, third] = world.mails;
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      await work(db, [first, second, third], world);
    });

async function standing(db: Queryable, { workspaceId }: EventWorld): Promise<string> {
  return one(
    db,
    `select concat_ws(' ', c.status, s.reason) from app_public.contacts c
       left join app_public.suppressions s on s.workspace_id = c.workspace_id and s.email = c.email where c.workspace_id = $1`,
    [workspaceId],
  );
}

const bounce = (mail: SentMail, minute: number) => about(mail, 'soft_bounce', { occurred_at: atMinute(minute) });
const delivery = (mail: SentMail, minute: number) => about(mail, 'delivered', { occurred_at: atMinute(minute) });

test(
  'below the limit nothing happens, at the limit the address is suppressed',
  withMails(async (db, [first, second], world) => {
    await apply(db, [bounce(first, 1)]);
    assert.equal(await standing(db, world), 'active');
    await apply(db, [bounce(second, 2)]);
    assert.equal(await standing(db, world), 'bounced soft_bounces');
    assert.equal(await driftOf(db, first.taskId), 0);
  }),
);

test(
  'a mail that bounces twice counts once',
  withMails(async (db, [first], world) => {
    await apply(db, [bounce(first, 1), bounce(first, 2)]);
    assert.equal(await standing(db, world), 'active');
  }),
);

test(
  'a delivery in between breaks the row, whenever it is heard of',
  withMails(async (db, [first, second, third], world) => {
    await apply(db, [bounce(first, 1), bounce(third, 3)]);
    assert.equal(await standing(db, world), 'bounced soft_bounces');
    await apply(db, [delivery(second, 2)]);
    assert.equal(await standing(db, world), 'active');
  }),
);

test(
  'a delivery before the row began lifts nothing',
  withMails(async (db, [first, second, third], world) => {
    await apply(db, [bounce(second, 2), bounce(third, 3)]);
    await apply(db, [delivery(first, 1)]);
    assert.equal(await standing(db, world), 'bounced soft_bounces');
  }),
);

test(
  'a mail that was delivered after its soft bounce did not end bounced',
  withMails(async (db, [first, second], world) => {
    await apply(db, [bounce(first, 1), bounce(second, 2)]);
    await apply(db, [delivery(first, 3)]);
    assert.equal(await standing(db, world), 'active');
  }),
);

test(
  'a delivery that turns out to be earlier makes the row longer',
  withMails(async (db, [first, second, third], world) => {
    await apply(db, [bounce(first, 2), bounce(second, 3), delivery(third, 5)]);
    assert.equal(await standing(db, world), 'active');
    await apply(db, [delivery(third, 1)]);
    assert.equal(await standing(db, world), 'bounced soft_bounces');
  }),
);

for (const [kind, status, reason] of [
  ['hard_bounce', 'bounced', 'hard_bounce'],
  ['unsubscribe', 'unsubscribed', 'unsubscribe'],
  ['complaint', 'complained', 'complaint'],
] as const)
  test(
    `what else suppresses the address is not lifted: ${kind}`,
    withMails(async (db, [first, second, third], world) => {
      await apply(db, [bounce(first, 1), bounce(second, 2)]);
      await apply(db, [about(first, kind, { occurred_at: atMinute(1) })]);
      await apply(db, [delivery(third, 9)]);
      assert.equal(await standing(db, world), `${status} ${reason}`);
    }),
  );

test(
  "a person's suppression stays as it is",
  withMails(async (db, [first, second, third], world) => {
    await db.query(
      `insert into app_public.suppressions (workspace_id, email, reason) select workspace_id, email, 'manual' from app_public.contacts where workspace_id = $1`,
      [world.workspaceId],
    );
    await apply(db, [bounce(first, 1), bounce(second, 2)]);
    assert.equal(await standing(db, world), 'active manual');
    await apply(db, [delivery(third, 9)]);
    assert.equal(await standing(db, world), 'active manual');
  }),
);

test(
  'an address that was erased stays suppressed, and is still lifted',
  withMails(async (db, [first, second, third], world) => {
    await apply(db, [bounce(first, 1), bounce(second, 2)]);
    await db.query('update app_public.suppressions set email = null where workspace_id = $1', [world.workspaceId]);
    const suppressed = () =>
      one<string[]>(db, 'select app_hidden.suppressed_among($1, $2)', [world.workspaceId, [third.id]]);
    assert.deepEqual(await suppressed(), [third.id]);
    await apply(db, [delivery(third, 9)]);
    assert.deepEqual(await suppressed(), []);
  }),
);

test(
  'the same again writes nothing',
  withMails(async (db, [first, second], world) => {
    const events = [bounce(first, 1), bounce(second, 2)];
    await apply(db, events);
    const versions = await versionsOf(db);
    await apply(db, events);
    assert.equal(await versionsOf(db), versions);
    assert.equal(await standing(db, world), 'bounced soft_bounces');
  }),
);

test(
  'what bounces of an address that its Contact has given up is not held against the Contact',
  withMails(async (db, mails, world) => {
    await db.query(`update app_public.contacts set email = 'new-' || email where workspace_id = $1`, [
      world.workspaceId,
    ]);
    const contact = () =>
      one(db, 'select status from app_public.contacts where workspace_id = $1', [world.workspaceId]);
    for (const [minute, mail] of mails.entries()) await apply(db, [bounce(mail, minute)]);
    await apply(db, [about(mails[0], 'hard_bounce', { occurred_at: atMinute(9) })]);
    assert.equal(await contact(), 'active');
    const suppressed = 'select reason from app_public.suppressions where workspace_id = $1 and email = $2';
    assert.equal(await one(db, suppressed, [world.workspaceId, mails[0].recipient]), 'hard_bounce');
    // That is the person's word, whatever address it came to.
    await apply(db, [about(mails[0], 'unsubscribe', { occurred_at: atMinute(9) })]);
    assert.equal(await contact(), 'unsubscribed');
  }),
);
