// Promise: a SubTask goes along the listed ways and no other, whoever moves it; and this is what every function does to a row in every state.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { releasePool } from '../../src/database/pools/release_pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { endLoop } from '../../src/database/queue/end_loop.ts';
import { exchangeMails } from '../../src/database/queue/exchange_mails.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { returnClaims } from '../../src/database/queue/return_claims.ts';
import { settleByLookUp } from '../../src/database/queue/settle_by_look_up.ts';
import { takeLoop } from '../../src/database/queue/take_loop.ts';
import { changeAll } from '../../src/tasks/change_sub_tasks.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { clockForward, driftOf, one, statusOf } from '../support/scene.ts';
import { type State, states } from './model/states.ts';
import { aSubTaskIn, type Held, leaseIsOver, poolId, type Situation, stateOf } from './model/sub_task_in.ts';
import { anEvent, aResult, type EventKind, softBounceLimit } from './model/words.ts';

const situations = [...states, 'soft_bounced'] as const;

let database: TestDatabase;
const scenes = new Map<Situation, Held>();
before(async () => {
  database = await createTestDatabase();
  for (const situation of situations) scenes.set(situation, await aSubTaskIn(database.pool, situation));
});
after(() => database.close());

/** A row in that situation, and a transaction that is rolled back. */
const withA = (situation: Situation, work: (db: Queryable, held: Held) => Promise<void>) => () =>
  withTransaction(database.pool, async (db) => {
    const held = scenes.get(situation);
    assert.ok(held !== undefined);
    await work(db, held);
  });

/** The ways there are. */
const ways: Record<State, State[]> = {
  pending: ['allocated', 'sending', 'cancelled'],
  allocated: ['pending', 'sending', 'cancelled'],
  sending: ['pending', 'sent', 'failed', 'cancelled', 'uncertain'],
  uncertain: ['pending', 'sent', 'delivered', 'opened', 'clicked', 'bounced', 'failed', 'cancelled'],
  sent: ['delivered', 'opened', 'clicked', 'bounced'],
  delivered: ['opened', 'clicked', 'bounced'],
  opened: ['clicked', 'bounced'],
  clicked: ['bounced'],
  bounced: ['delivered', 'opened', 'clicked'],
  failed: ['pending', 'sent', 'delivered', 'opened', 'clicked', 'bounced'],
  cancelled: [],
};

/** What the CHECK constraints want of a row in each state; $2 is a service. */
const columns: Record<State, Record<string, string>> = {
  pending: { phase: `'waiting'`, service_id: 'null', lease_expires_at: 'null' },
  allocated: {
    phase: `'under_way'`,
    service_id: '$2::uuid',
    claim_token: 'gen_random_uuid()',
    lease_expires_at: 'now()',
    scheduled_at: 'now()',
  },
  sending: {
    phase: `'under_way'`,
    service_id: '$2::uuid',
    claim_token: 'gen_random_uuid()',
    lease_expires_at: 'now()',
    handed_over_at: 'now()',
  },
  sent: { phase: `'over'`, sent_at: 'now()' },
  delivered: { phase: `'over'`, sent_at: 'now()', delivered_at: 'now()' },
  opened: { phase: `'over'`, sent_at: 'now()', opened_at: 'now()' },
  clicked: { phase: `'over'`, sent_at: 'now()', clicked_at: 'now()' },
  bounced: { phase: `'over'`, sent_at: 'now()', bounced_at: 'now()', bounce_is_soft: 'false' },
  failed: { phase: `'failed'`, failed_at: 'now()', error_code: `'by hand'` },
  cancelled: { phase: `'over'`, cancelled_at: 'now()' },
  uncertain: { phase: `'in_doubt'`, uncertain_at: 'now()', handed_over_at: 'now()' },
};

test('the table of transitions lists these ways', async () => {
  const { rows } = await database.pool.query<{ way: string }>(
    `select from_status || ' → ' || to_status as way from app_hidden.sub_task_transitions`,
  );
  const here = Object.entries(ways).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`));
  assert.deepEqual(rows.map(({ way }) => way).sort(), here.sort());
});

describe('by hand', () => {
  for (const from of states)
    for (const to of states.filter((state) => state !== from))
      test(
        `${from} → ${to}: ${ways[from].includes(to) ? 'goes' : 'is refused'}`,
        withA(from, async (db, held) => {
          const before = await accounts(db, held);
          const move = () => moveByHand(db, held, to);
          if (!ways[from].includes(to)) {
            await assert.rejects(attempt(db, move), { code: 'TRANS' });
            assert.deepEqual(await accounts(db, held), before);
            return;
          }
          await move();
          assert.equal(await statusOf(db, held.id), to);
          assert.deepEqual((await accounts(db, held)).ledger, [...before.ledger, `${from} → ${to}`]);
          assert.equal(await driftOf(db, held.taskId), 0);
        }),
      );

  for (const state of states)
    test(
      `a row that is ${state} has the phase of that state, whoever writes it`,
      withA(state, async (db, held) => {
        const before = await accounts(db, held);
        const other = columns[state].phase === `'over'` ? 'waiting' : 'over';
        const move = () => db.query('update app_public.sub_tasks set phase = $2 where id = $1', [held.id, other]);
        await assert.rejects(attempt(db, move), { code: '23514' });
        assert.deepEqual(await accounts(db, held), before);
      }),
    );

  for (const state of states)
    test(
      `a row ${state === 'pending' || state === 'failed' ? 'may begin' : 'can not begin'} as ${state}`,
      withA('pending', async (db, held) => {
        const before = await accounts(db, held);
        if (state === 'pending' || state === 'failed') {
          await insertByHand(db, held, state);
          assert.equal(await driftOf(db, held.taskId), 0);
        } else {
          await assert.rejects(
            attempt(db, () => insertByHand(db, held, state)),
            { code: 'TRANS' },
          );
          assert.deepEqual(await accounts(db, held), before);
        }
      }),
    );
});

/** The row, its lines in the ledger, and its Task's counters. */
async function accounts(
  db: Queryable,
  { id, taskId }: Held,
): Promise<{ row: unknown; counters: unknown; ledger: string[] }> {
  const { rows } = await db.query<{ way: string }>(
    `select from_status || ' → ' || to_status as way from app_hidden.sub_task_changes where sub_task_id = $1 order by id`,
    [id],
  );
  return {
    row: await one(db, 'select to_jsonb(st) from app_public.sub_tasks st where id = $1', [id]),
    counters: await one(db, 'select to_jsonb(c) from app_hidden.counters_of($1) c', [taskId]),
    ledger: rows.map(({ way }) => way),
  };
}

async function moveByHand(db: Queryable, { id, serviceId }: Held, to: State): Promise<void> {
  const assignments = Object.entries(columns[to]).map(([column, value]) => `${column} = ${value}`);
  await db.query(
    `update app_public.sub_tasks set status = $3, ${assignments.join(', ')} where id = $1 and $2::uuid is not null`,
    [id, serviceId, to],
  );
}

/** Another row of the same Task. */
async function insertByHand(db: Queryable, { id, serviceId }: Held, state: State): Promise<void> {
  const names = ['id', 'task_id', 'status', ...Object.keys(columns[state])];
  const values = ['sub_task_id', 'task_id', '$3::app_public.sub_task_status', ...Object.values(columns[state])];
  await db.query(
    `with mail as (
       insert into app_public.sub_task_mails (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
       select given.id, st.task_id, given.id || '@example.com', given.id::text, '', '', ''
         from app_public.sub_tasks st, (select gen_random_uuid() as id) as given where st.id = $1
       returning sub_task_id, task_id
     )
     insert into app_public.sub_tasks (${names.join(', ')}) select ${values.join(', ')} from mail where $2::uuid is not null`,
    [id, serviceId, state],
  );
}

/** What fails in it is undone, and the transaction goes on. */
async function attempt<T>(db: Queryable, work: () => Promise<T>): Promise<T> {
  await db.query('savepoint attempt');
  try {
    return await work();
  } catch (error) {
    await db.query('rollback to savepoint attempt');
    throw error;
  }
}

type Act = (db: Queryable, held: Held) => Promise<unknown>;
/** Where rows go; a state that is not named stays as it is. Every other one: refused with TRANS. */
type Ends = Partial<Record<Situation, State>> & { others?: 'TRANS' };

const begins: Act = (db, { id, claimToken }) => beginSends(db, claimToken, [id]);
const isTold =
  (kind: SendResult['kind']): Act =>
  (db, { serviceId, claimToken, id }) =>
    completeSends(db, serviceId, claimToken, [aResult(id, kind)]);
const hears =
  (kind: EventKind): Act =>
  (db, { id }) =>
    applyEvents(db, [anEvent(id, kind, { occurred_at: new Date().toISOString() })], softBounceLimit);
const withAnotherToken =
  (act: Act): Act =>
  (db, held) =>
    act(db, { ...held, claimToken: randomUUID() });
/** One turn of a rated service's loop: an accepted result for the row, and room for one mail. */
const exchanges: Act = (db, { serviceId, loopToken, claimToken, id }) =>
  exchangeMails(db, { serviceId, loopToken, claimToken: randomUUID(), limit: 1, hint: null }, [
    { ...aResult(id, 'accepted'), claimToken },
  ]);
const givesBack: Act = (db, { serviceId, claimToken, id }) => returnClaims(db, serviceId, claimToken, [id]);
const call =
  (text: string, value: (held: Held) => unknown[]): Act =>
  (db, held) =>
    db.query(text, value(held));
const inTurn =
  (...acts: Act[]): Act =>
  async (db, held) => {
    for (const act of acts) await act(db, held);
  };
const timePasses =
  (interval: string): Act =>
  (db) =>
    clockForward(db, interval);
const cancels = inTurn(
  call('select app_public.cancel_task($1)', ({ taskId }) => [taskId]),
  (db, { taskId }) => changeAll(db, taskId, 'cancel', null),
);
const retries = inTurn(
  call('select app_public.retry_failed($1)', ({ taskId }) => [taskId]),
  (db, { taskId }) => changeAll(db, taskId, 'retry_failed', null),
);
const resends = inTurn(
  call('select app_public.resend_uncertain($1)', ({ taskId }) => [taskId]),
  (db, { taskId }) => changeAll(db, taskId, 'resend_uncertain', null),
);
const settles = (wasSent: boolean) => call('select app_public.settle_uncertain($1, $2)', ({ id }) => [id, wasSent]);
const isFound: Act = async (db, { id }) => {
  const { rows } = await db.query<{ recipient: string; takenAt: Date | null }>(
    `select m.recipient_email as recipient, st.handed_over_at as "takenAt"
       from app_public.sub_tasks st join app_public.sub_task_mails m on m.sub_task_id = st.id where st.id = $1`,
    [id],
  );
  const taken = rows.map(({ recipient, takenAt }) => ({
    recipient,
    takenAt: takenAt ?? new Date(),
    messageId: 'found',
  }));
  await settleByLookUp(db, [id], taken);
};
const afterFourDeferrals = call('update app_public.sub_tasks set deferrals = 4 where id = $1', ({ id }) => [id]);

const whatFunctionsDo: [name: string, act: Act, ends: Ends][] = [
  // The way out. A token fences whoever is late; a late word about an uncertain mail is welcome, for its token is kept.
  ['begin_sends', begins, { allocated: 'sending' }],
  ['begin_sends, with another token', withAnotherToken(begins), {}],
  ['complete_claims: accepted', isTold('accepted'), { sending: 'sent', uncertain: 'sent' }],
  ['complete_claims: refused', isTold('refused'), { sending: 'failed', uncertain: 'failed' }],
  ['complete_claims: deferred', isTold('deferred'), { sending: 'pending', uncertain: 'pending' }],
  [
    'complete_claims: deferred, for the fifth time',
    inTurn(afterFourDeferrals, isTold('deferred')),
    { sending: 'failed', uncertain: 'failed' },
  ],
  ['complete_claims: unusable', isTold('unusable'), { sending: 'pending', uncertain: 'pending' }],
  ['complete_claims: unknown', isTold('unknown'), { sending: 'uncertain' }],
  ['complete_claims: not_sent', isTold('not_sent'), { sending: 'pending', uncertain: 'pending' }],
  ['complete_claims, with another token', withAnotherToken(isTold('accepted')), {}],

  ['exchange_mails', exchanges, { pending: 'sending', sending: 'sent', uncertain: 'sent' }],
  ['exchange_mails, with another token', withAnotherToken(exchanges), { pending: 'sending' }],

  // Claimed and not begun: nothing has left us. Begun: nobody knows.
  ['return_claims', givesBack, { allocated: 'pending' }],
  ['return_claims, with another token', withAnotherToken(givesBack), {}],
  [
    'end_loop',
    (db, held) => endLoop(db, held.serviceId, held.loopToken, { failed: false, unanswered: null }),
    { allocated: 'pending' },
  ],
  [
    'end_loop, after an exchange without an answer',
    (db, { serviceId, loopToken, claimToken }) =>
      endLoop(db, serviceId, loopToken, { failed: true, unanswered: claimToken }),
    { allocated: 'pending', sending: 'pending', uncertain: 'pending' },
  ],
  [
    "end_loop, after an exchange without an answer, when the loop is another one's",
    (db, { serviceId, claimToken }) => endLoop(db, serviceId, randomUUID(), { failed: true, unanswered: claimToken }),
    { sending: 'pending', uncertain: 'pending' },
  ],
  [
    'take_loop, when the last one is over',
    inTurn(timePasses(leaseIsOver), (db, { serviceId }) => takeLoop(db, serviceId, poolId)),
    { allocated: 'pending' },
  ],
  ['reap_leases', (db) => reapLeases(db), {}],
  [
    'reap_leases, when the lease is over',
    inTurn(timePasses(leaseIsOver), (db) => reapLeases(db)),
    { allocated: 'pending', sending: 'uncertain' },
  ],
  ['release_pool, merely silent', (db) => releasePool(db, poolId, false), {}],
  ['release_pool, known dead', (db) => releasePool(db, poolId, true), { allocated: 'pending', sending: 'uncertain' }],
  ['release_pool, another one', (db) => releasePool(db, 'another', true), {}],

  // What people decide. What is on its way ends by itself; what was sent stays.
  ['pause_task', call('select app_public.pause_task($1)', ({ taskId }) => [taskId]), { allocated: 'pending' }],
  ['cancel_task', cancels, { pending: 'cancelled', allocated: 'cancelled' }],
  ['retry_failed', retries, { failed: 'pending' }],
  [
    'retry_failed, of another error code',
    (db, { taskId }) => changeAll(db, taskId, 'retry_failed', 'another code'),
    {},
  ],
  ['resend_uncertain', resends, { uncertain: 'pending' }],
  ['settle_uncertain: it was sent', settles(true), { uncertain: 'sent', others: 'TRANS' }],
  ['settle_uncertain: it was not', settles(false), { uncertain: 'failed', others: 'TRANS' }],
  ['settle_by_look_up: the provider has it', isFound, { uncertain: 'sent' }],
  ['settle_by_look_up: the provider has nothing', (db, { id }) => settleByLookUp(db, [id], []), {}],
  ['stop_sending', call('select app_public.stop_sending()', () => []), { allocated: 'pending' }],
  [
    'set_email_service_enabled: off',
    call('select app_public.set_email_service_enabled($1, false)', ({ serviceId }) => [serviceId]),
    {},
  ],

  // In a cancelled Task every way back to pending ends in cancelled.
  [
    'cancel_task, then complete_claims: deferred',
    inTurn(cancels, isTold('deferred')),
    { pending: 'cancelled', allocated: 'cancelled', sending: 'cancelled', uncertain: 'cancelled' },
  ],
  [
    'cancel_task, then complete_claims: accepted',
    inTurn(cancels, isTold('accepted')),
    { pending: 'cancelled', allocated: 'cancelled', sending: 'sent', uncertain: 'sent' },
  ],
  [
    'cancel_task, then the leases are over',
    inTurn(cancels, timePasses(leaseIsOver), (db) => reapLeases(db)),
    { pending: 'cancelled', allocated: 'cancelled', sending: 'uncertain' },
  ],

  // What is heard of a mail. With a worker or not yet sent, it waits on the row; failed and uncertain follow the evidence.
  // Only who holds a mail can defer it.
  ['the event sent', hears('sent'), { uncertain: 'sent' }],
  ['the event deferred', hears('deferred'), { uncertain: 'sent' }],
  ['the event failed', hears('failed'), { uncertain: 'failed' }],
  ['the event failed, then sent', inTurn(hears('failed'), hears('sent')), { uncertain: 'sent' }],
  [
    'the event delivered',
    hears('delivered'),
    { sent: 'delivered', soft_bounced: 'delivered', uncertain: 'delivered', failed: 'delivered' },
  ],
  [
    'the event open',
    hears('open'),
    { sent: 'opened', delivered: 'opened', soft_bounced: 'opened', uncertain: 'opened', failed: 'opened' },
  ],
  [
    'the event click',
    hears('click'),
    {
      sent: 'clicked',
      delivered: 'clicked',
      opened: 'clicked',
      soft_bounced: 'clicked',
      uncertain: 'clicked',
      failed: 'clicked',
    },
  ],
  ...(['soft_bounce', 'hard_bounce'] as const).map((kind): [string, Act, Ends] => [
    `the event ${kind}`,
    hears(kind),
    {
      sent: 'bounced',
      delivered: 'bounced',
      opened: 'bounced',
      clicked: 'bounced',
      uncertain: 'bounced',
      failed: 'bounced',
    },
  ]),
  // Whoever answers a mail has it; when it came is not known.
  ...(['complaint', 'unsubscribe'] as const).map((kind): [string, Act, Ends] => [
    `the event ${kind}`,
    hears(kind),
    { uncertain: 'sent' },
  ]),
  ['the event other', hears('other'), {}],
];

for (const [name, act, { others, ...ends }] of whatFunctionsDo)
  describe(name, () => {
    for (const situation of situations) {
      const end = ends[situation];
      test(
        `${situation} ${end !== undefined ? `→ ${end}` : (others ?? 'stays')}`,
        withA(situation, async (db, held) => {
          if (end === undefined && others !== undefined)
            await assert.rejects(
              attempt(db, () => act(db, held)),
              { code: others },
            );
          else await act(db, held);
          assert.equal(await statusOf(db, held.id), end ?? stateOf(situation));
          await assertBooksAreInOrder(db, held);
        }),
      );
    }
  });

async function assertBooksAreInOrder(db: Queryable, { taskId, serviceId }: Held): Promise<void> {
  assert.equal(await driftOf(db, taskId), 0);
  const { rows } = await db.query(
    `select in_flight, (select count(*)::integer from app_public.sub_tasks
                         where service_id = s.id and status in ('allocated', 'sending')) as rows
       from app_public.email_services s where id = $1`,
    [serviceId],
  );
  assert.equal(rows[0]?.['in_flight'], rows[0]?.['rows']);
}
