// Promise: mail events are told as they are applied, in an order without holes, and what a client missed it can ask for.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { z } from 'zod';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import { anEventWorld } from '../events/world.ts';
import { anEvent, softBounceLimit } from '../queue/model/words.ts';
import { at, startTestServer } from '../server/support.ts';
import { eventPage, events } from './operations.ts';
import { subscribe } from './subscriber.ts';
import { announce } from './support.ts';

const page = z.object({
  since: z.number(),
  sequence: z.number(),
  isComplete: z.boolean(),
  events: z.array(z.object({ kind: z.string(), subTaskId: z.string(), taskId: z.string() })),
});

suite('events', async () => {
  const place = await startTestServer();
  const { pool, data, graphql } = place;
  const apply = async (...given: Parameters<typeof anEvent>[]) => {
    await applyEvents(
      pool,
      given.map((words) => anEvent(...words)),
      softBounceLimit,
    );
    await announce(pool);
  };
  const pageOf = async (variables: object) => page.parse(at(await data(eventPage, variables), 'eventPage'));
  const kinds = ({ events }: z.infer<typeof page>) => events.map(({ kind }) => kind);

  test('the snapshot, then what is applied', async () => {
    const { workspaceId, mails } = await anEventWorld(pool, { contacts: 2 });
    const [one, two] = mails;
    assert.ok(one && two);
    await apply([one.id, 'delivered'], [two.id, 'delivered']);
    await using heard = subscribe(place, events, { workspaceId });
    const first = page.parse(await heard.next('data.events'));
    assert.deepEqual(kinds(first), ['delivered', 'delivered']);
    assert.deepEqual(first, await pageOf({ workspaceId }));
    await apply([one.id, 'open']);
    const second = page.parse(await heard.next('data.events'));
    assert.deepEqual(kinds(second), ['open']);
    assert.equal(second.since, first.sequence, 'no gap');
    assert.equal(second.events[0]?.subTaskId, one.id);
  });

  test('of one Task alone', async () => {
    const { workspaceId, mails, taskIds } = await anEventWorld(pool, { tasks: 2 });
    const [mine, others] = taskIds.map((id) => mails.find(({ taskId }) => taskId === id));
    assert.ok(mine && others);
    await using heard = subscribe(place, events, { workspaceId, taskId: mine.taskId });
    const first = page.parse(await heard.next('data.events'));
    assert.deepEqual(first.events, []);
    await apply([others.id, 'delivered']);
    await apply([mine.id, 'open']);
    const second = page.parse(await heard.next('data.events'));
    assert.deepEqual(kinds(second), ['open']);
    assert.equal(second.since, first.sequence, 'what was not told left no gap');
    const elsewhere = await graphql(eventPage, {
      workspaceId: (await anEventWorld(pool)).workspaceId,
      taskId: mine.taskId,
    });
    assert.equal(elsewhere.errors?.[0]?.extensions?.code, 'NTFND');
  });

  test('after a break a client is told what it missed', async () => {
    const { workspaceId, mails } = await anEventWorld(pool, { contacts: 3 });
    const [one, two, three] = mails;
    assert.ok(one && two && three);
    await apply([one.id, 'delivered']);
    const { sequence } = await pageOf({ workspaceId });
    await apply([two.id, 'delivered']);
    await apply([three.id, 'open']);
    await using heard = subscribe(place, events, { workspaceId, after: sequence });
    const missed = page.parse(await heard.next('data.events'));
    assert.deepEqual(kinds(missed), ['delivered', 'open']);
    assert.deepEqual([missed.since, missed.isComplete], [sequence, true]);
    assert.deepEqual(missed, await pageOf({ workspaceId, after: sequence }));
  });

  test('more than a message holds: the latest, the gap is told, and the pages have the rest', async () => {
    const { workspaceId, mails } = await anEventWorld(pool, { contacts: 150 });
    await using heard = subscribe(place, events, { workspaceId });
    const { sequence } = page.parse(await heard.next('data.events'));
    const given = mails.map(({ id }) => anEvent(id, 'delivered'));
    for (const from of [0, 50, 100]) await applyEvents(pool, given.slice(from, from + 50), softBounceLimit);
    await announce(pool);
    const latest = page.parse(await heard.next('data.events'));
    assert.deepEqual([latest.events.length, latest.isComplete, latest.since], [100, false, sequence]);
    const pages = [await pageOf({ workspaceId, after: sequence })];
    while ((pages.at(-1)?.sequence ?? 0) < latest.sequence)
      pages.push(await pageOf({ workspaceId, after: pages.at(-1)?.sequence }));
    assert.equal(new Set(pages.flatMap(({ events }) => events.map(({ subTaskId }) => subTaskId))).size, 150);
    assert.ok(pages.every(({ isComplete }) => isComplete));
  });

  test('a number that nobody gave, or that is too old, is not complete', async () => {
    const { workspaceId, mails } = await anEventWorld(pool);
    const [mail] = mails;
    assert.ok(mail);
    await apply([mail.id, 'delivered']);
    assert.equal((await pageOf({ workspaceId, after: 999 })).isComplete, false);
    await apply([mail.id, 'open']);
    await pool.query('delete from app_hidden.event_batches where workspace_id = $1 and position = 1', [workspaceId]);
    assert.equal((await pageOf({ workspaceId, after: 0 })).isComplete, false);
    assert.equal((await pageOf({ workspaceId, after: 1 })).isComplete, true);
  });

  test('an unknown workspace is a clear error', async () => {
    const workspaceId = '00000000-0000-0000-0000-000000000000';
    await using heard = subscribe(place, events, { workspaceId });
    assert.equal(at(await heard.ended(), '0.message'), `workspaceId: there is no workspace ${workspaceId}`);
  });
});
