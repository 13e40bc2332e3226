// Promise: a state is a function of the set of events. However they are shuffled, repeated and batched, and whether or not their mails were known when they
// came, SubTasks, Contacts, suppressions and statistics end the same, and a replay of what is right writes nothing.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { EventToApply } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { eventKinds } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { about, anEventWorld, apply, atMinute, type EventWorld, stateOf, versionsOf } from './world.ts';

const shape = { contacts: 1, tasks: 6, uncertain: [0, 4] };
const mails = shape.contacts * shape.tasks;

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const kinds = fc.constantFrom(...eventKinds);
const happeningOf = (kind: typeof kinds) =>
  fc.record({
    mail: fc.nat(mails - 1),
    kind,
    minute: fc.nat(9),
    second: fc.nat(8),
    machine: fc.constantFrom(null, null, null, true, false),
    link: fc.nat(3),
    /** By an id that no SubTask has until some time later. */
    isEarly: fc.boolean(),
  });
const happening = happeningOf(kinds);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

// Weighted to what depends on several events: bounces against a few deliveries, clicks against each other.
const histories = fc.oneof(
  fc.array(happening, { maxLength: 40 }),
  fc.array(happeningOf(fc.constantFrom('soft_bounce', 'soft_bounce', 'soft_bounce', 'soft_bounce', 'delivered')), {
    maxLength: 8,
  }),
  fc.array(happeningOf(fc.constantFrom('click', 'click', 'click', 'delivered')), { minLength: 10, maxLength: 60 }),
);
const orders = fc.record({
  place: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 120, maxLength: 120 }),
  batches: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 }),
  known: fc.double({ min: 0, max: 1, noNaN: true }),
});

const lateId = (number: number) => `late ${number}`;

function eventsIn(world: EventWorld, history: readonly Happening[]): EventToApply[] {
  return history.map(({ mail: number, kind, minute, second, machine, link, isEarly }) => {
    const mail = world.mails[number];
    assert.ok(mail !== undefined);
    const occurred = { occurred_at: atMinute(minute, second), key: randomUUID() };
    const detail = { url: `https://example.com/${link}` };
    const names = isEarly ? { sub_task_id: null, message_id: `${lateId(number)} ${world.workspaceId}` } : {};
    return about(mail, kind, { ...occurred, machine, detail, ...names });
  });
}

/** The worker's word comes: every mail is known by the id that early events name. */
async function learnIds(db: Queryable, world: EventWorld): Promise<void> {
  for (const [number, { id }] of world.mails.entries())
    await db.query('update app_public.sub_tasks set message_id = $2 where id = $1', [
      id,
      `${lateId(number)} ${world.workspaceId}`,
    ]);
}

function shuffled(events: EventToApply[], { place }: { place: number[] }): EventToApply[] {
  const twice = [...events, ...events].map((event, n) => ({ event, at: place[n % place.length] ?? 0 }));
  return twice.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

function inBatches(events: EventToApply[], sizes: number[]): EventToApply[][] {
  const batches: EventToApply[][] = [];
  for (let from = 0; from < events.length; from += batches.at(-1)?.length ?? 1)
    batches.push(events.slice(from, from + (sizes[batches.length % sizes.length] ?? 1)));
  return batches;
}

test('any interleaving, with repeats, in any batches, ends in the same state', () =>
  fc.assert(
    fc.asyncProperty(histories, orders, (history, order) =>
      withTransaction(database.pool, async (db) => {
        const ordered = await anEventWorld(db, shape);
        await learnIds(db, ordered);
        for (const event of eventsIn(ordered, history)) await apply(db, [event]);

        const world = await anEventWorld(db, shape);
        const events = eventsIn(world, history);
        const batches = inBatches(shuffled(events, order), order.batches);
        const knownFrom = Math.floor(order.known * batches.length);
        for (const [number, batch] of batches.entries()) {
          if (number === knownFrom) await learnIds(db, world);
          await apply(db, batch);
        }
        if (knownFrom >= batches.length) await learnIds(db, world);
        // What found no SubTask then is replayed, with all that did.
        await apply(db, events);
        const state = await stateOf(db, world);
        assert.deepEqual(state, await stateOf(db, ordered));
        assert.partialDeepStrictEqual(state, { drift: 0 });

        const versions = await versionsOf(db);
        for (const batch of batches) await apply(db, batch);
        assert.equal(await versionsOf(db), versions);
      }),
    ),
    { numRuns: 40 },
  ));
