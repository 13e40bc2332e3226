// Promise: what comes late, out of turn or for a mail in doubt ends where it should.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import type { EventKind } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { driftOf, one, statusOf } from '../support/scene.ts';
import { about, anEventWorld, apply, atMinute, type SentMail } from './world.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

/** Heard of in this order; the number is the minute it happened. */
type Heard = readonly (readonly [EventKind, number])[];

const cases: readonly [name: string, heard: Heard, ends: string][] = [
  [
    'a click before its delivery is heard of',
    [
      ['click', 2],
      ['delivered', 1],
    ],
    'clicked',
  ],
  [
    'a late hard bounce',
    [
      ['delivered', 1],
      ['click', 2],
      ['hard_bounce', 9],
    ],
    'bounced',
  ],
  [
    'a hard bounce, then a delivery',
    [
      ['hard_bounce', 1],
      ['delivered', 2],
    ],
    'bounced',
  ],
  [
    'a soft bounce, then a delivery',
    [
      ['soft_bounce', 1],
      ['delivered', 2],
    ],
    'delivered',
  ],
  [
    'a soft bounce heard of after the delivery that came later',
    [
      ['delivered', 2],
      ['soft_bounce', 1],
    ],
    'delivered',
  ],
  [
    'a late soft bounce',
    [
      ['delivered', 1],
      ['soft_bounce', 2],
    ],
    'bounced',
  ],
  [
    'a soft bounce that was a hard one',
    [
      ['soft_bounce', 1],
      ['hard_bounce', 1],
      ['delivered', 2],
    ],
    'bounced',
  ],
  [
    'a complaint after a click',
    [
      ['click', 1],
      ['complaint', 2],
    ],
    'clicked',
  ],
  [
    'a deferral and a failure',
    [
      ['deferred', 1],
      ['failed', 2],
    ],
    'sent',
  ],
];

const run = (uncertain: number[], work: (db: Queryable, mail: SentMail) => Promise<void>) => () =>
  withTransaction(database.pool, async (db) => {
    const [mail] = (await anEventWorld(db, { uncertain })).mails;
    assert.ok(mail !== undefined);
    await work(db, mail);
    assert.equal(await driftOf(db, mail.taskId), 0);
  });

for (const [name, heard, ends] of cases)
  test(
    `${name}: ${ends}`,
    run([], async (db, mail) => {
      for (const [kind, minute] of heard) await apply(db, [about(mail, kind, { occurred_at: atMinute(minute) })]);
      assert.equal(await statusOf(db, mail.id), ends);
    }),
  );

test(
  'a complaint is kept with its time, and told in the funnel',
  run([], async (db, mail) => {
    await apply(db, [about(mail, 'complaint', { occurred_at: atMinute(2) })]);
    assert.deepEqual(
      await one(
        db,
        `select json_build_array(st.complained_at at time zone 'UTC', (app_public.tasks_funnel(t)).complained)
           from app_public.sub_tasks st join app_public.tasks t on t.id = st.task_id where st.id = $1`,
        [mail.id],
      ),
      ['2026-01-01T00:02:00', 1],
    );
  }),
);

for (const [kind, ends] of [
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['open', 'opened'],
  ['click', 'clicked'],
  ['soft_bounce', 'bounced'],
  ['hard_bounce', 'bounced'],
  ['complaint', 'sent'],
  ['unsubscribe', 'sent'],
  ['deferred', 'sent'],
  ['failed', 'failed'],
  ['other', 'uncertain'],
] as const)
  test(
    `an uncertain mail and the event ${kind}: ${ends}`,
    run([0], async (db, mail) => {
      await apply(db, [about(mail, kind, { occurred_at: atMinute(1) })]);
      assert.equal(await statusOf(db, mail.id), ends);
    }),
  );

for (const [others, ends] of [
  [['sent'], 'sent'],
  [['complaint'], 'sent'],
  [['delivered', 'sent'], 'delivered'],
  [['failed', 'other'], 'failed'],
] as const)
  for (const order of ['first', 'last'] as const)
    test(
      `an uncertain mail that its provider gave up, heard of ${order}, and ${others.join(' and ')}: ${ends}`,
      run([0], async (db, mail) => {
        const heard = order === 'first' ? (['failed', ...others] as const) : ([...others, 'failed'] as const);
        for (const kind of heard) await apply(db, [about(mail, kind, { occurred_at: atMinute(1) })]);
        assert.equal(await statusOf(db, mail.id), ends);
        assert.deepEqual(
          await one(
            db,
            'select json_build_array(error_code, failed_at is null) from app_public.sub_tasks where id = $1',
            [mail.id],
          ),
          ends === 'failed' ? ['provider_failed', false] : [null, true],
        );
      }),
    );

for (const kind of ['sent', 'deferred', 'failed'] as const)
  test(
    `the event ${kind} of an earlier hand-over says nothing of this one`,
    run([0], async (db, mail) => {
      await apply(db, [about(mail, kind, { occurred_at: '2025-12-31T23:58:00Z' })]);
      assert.equal(await statusOf(db, mail.id), 'uncertain');
    }),
  );
