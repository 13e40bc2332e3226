// Promise: what robots did counts for the state and stands apart in the counts, whatever order it is heard of in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EventToApply } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { driftOf, one, statusOf } from '../support/scene.ts';
import { about, anEventWorld, apply, atMinute, type SentMail } from './world.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const withMail = (work: (db: Queryable, mail: SentMail) => Promise<void>) => () =>
  withTransaction(database.pool, async (db) => {
    const [mail] = (await anEventWorld(db)).mails;
    assert.ok(mail !== undefined);
    await work(db, mail);
    assert.equal(await driftOf(db, mail.taskId), 0);
  });

const at = (second: number, machine: boolean | null = null): Partial<EventToApply> => ({
  occurred_at: atMinute(0, second),
  machine,
});
const click = (mail: SentMail, second: number, link = 'a', machine: boolean | null = null) =>
  about(mail, 'click', { ...at(second, machine), detail: { url: `https://example.com/${link}` } });

/** Clicks, those of robots, and the second of the first that was a person's. */
function clicks(db: Queryable, { id }: SentMail): Promise<[number, number, number | null]> {
  return one(
    db,
    `select json_build_array(click_count, machine_click_count, extract(epoch from human_clicked_at - '2026-01-01 00:00Z')::integer)
       from app_public.sub_tasks where id = $1`,
    [id],
  );
}

test(
  'what its source calls a robot is one; what it calls a person is none; of what it says nothing a person is supposed',
  withMail(async (db, mail) => {
    await apply(db, [click(mail, 1, 'a', true), click(mail, 2, 'a', null), click(mail, 3, 'a', false)]);
    assert.deepEqual(await clicks(db, mail), [3, 1, 2]);
    assert.equal(await statusOf(db, mail.id), 'clicked');
  }),
);

test(
  'opens by proxies open the mail, and are no reader',
  withMail(async (db, mail) => {
    await apply(db, [about(mail, 'open', at(1, true))]);
    const read = () =>
      one(
        db,
        'select json_build_array(status, open_count, machine_open_count, human_opened_at) from app_public.sub_tasks where id = $1',
        [mail.id],
      );
    assert.deepEqual(await read(), ['opened', 1, 1, null]);
    const funnel = () =>
      one(db, `select row_to_json(app_public.tasks_funnel(t)) from app_public.tasks t where id = $1`, [mail.taskId]);
    assert.partialDeepStrictEqual(await funnel(), { opened: 1, human_opened: 0 });
    await apply(db, [about(mail, 'open', at(2))]);
    assert.partialDeepStrictEqual(await funnel(), { opened: 1, human_opened: 1 });
  }),
);

test(
  'three links within two seconds are a scanner at work, and so is all that came with them',
  withMail(async (db, mail) => {
    await apply(db, [click(mail, 10, 'a'), click(mail, 11, 'b')]);
    assert.deepEqual(await clicks(db, mail), [2, 0, 10]);
    await apply(db, [click(mail, 12, 'c'), click(mail, 30, 'a')]);
    assert.deepEqual(await clicks(db, mail), [4, 3, 30]);
  }),
);

test(
  'one link many times, or three links in three seconds, are a person',
  withMail(async (db, mail) => {
    await apply(db, [click(mail, 10), click(mail, 10), click(mail, 11), click(mail, 11, 'b'), click(mail, 14, 'c')]);
    assert.deepEqual(await clicks(db, mail), [5, 0, 10]);
  }),
);

test(
  'a click before the delivery or within five seconds of it is a scanner, unless its source calls it a person',
  withMail(async (db, mail) => {
    await apply(db, [click(mail, 8), click(mail, 14), click(mail, 14, 'a', false), click(mail, 15)]);
    assert.deepEqual(await clicks(db, mail), [4, 0, 8]);
    await apply(db, [about(mail, 'delivered', at(10))]);
    assert.deepEqual(await clicks(db, mail), [4, 2, 14]);
    assert.equal(await statusOf(db, mail.id), 'clicked');
    // Another word for an earlier delivery acquits them.
    await apply(db, [about(mail, 'delivered', at(1))]);
    assert.deepEqual(await clicks(db, mail), [4, 0, 8]);
  }),
);

test(
  'the line of an event has the last word on it',
  withMail(async (db, mail) => {
    await apply(db, [click(mail, 8), about(mail, 'delivered', at(10))]);
    const lines = await db.query(`select flagged, machine from app_public.mail_events where kind = 'click'`);
    assert.deepEqual(lines.rows, [{ flagged: null, machine: true }]);
  }),
);

test(
  'however many links were followed before and after, the window is two seconds',
  withMail(async (db, mail) => {
    const links = ['a', 'b', 'a', 'b', 'c', 'c', 'd', 'a'];
    await apply(
      db,
      links.map((link, place) => click(mail, place < 4 ? 10 + place : 10 + 3 * place, link)),
    );
    assert.deepEqual(await clicks(db, mail), [8, 0, 10]);
    await apply(db, [click(mail, 12, 'e')]);
    assert.deepEqual(await clicks(db, mail), [9, 5, 22]);
  }),
);

/** As many as one service's path brings within hours, on three links in turn, three a second. */
const aStorm = (mail: SentMail, many: number): EventToApply[] =>
  Array.from({ length: many }, (_, n) =>
    about(mail, 'click', {
      event_log_id: 2,
      occurred_at: atMinute(1, n / 3),
      detail: { url: `https://example.com/${n % 3}` },
    }),
  );

function rowsRead(db: Queryable): Promise<number> {
  return one(
    db,
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer from pg_stat_xact_user_tables where relname like 'mail_events%'`,
  );
}

test(
  'a storm of clicks on one mail is cheap, and a robot; the person before it stays',
  withMail(async (db, mail) => {
    await apply(db, [click(mail, 1)]);
    // Compared each with each this takes many minutes.
    await db.query(`set local statement_timeout = '60 s'`);
    await apply(db, aStorm(mail, 20_000));
    const read = await rowsRead(db);
    await apply(db, [click(mail, 30, 'a', false)]);
    assert.ok((await rowsRead(db)) - read < 5_000, 'all of the storm is read again for one click more');
    assert.deepEqual(await clicks(db, mail), [20_002, 20_000, 1]);
    const unjudged = await one(
      db,
      `select count(*)::integer from app_public.mail_events where kind = 'click' and flagged is null and machine is not true`,
    );
    assert.equal(unjudged, 1);
  }),
);

test(
  'a time whose event is gone with its month is neither raised nor taken away',
  withMail(async (db, mail) => {
    await apply(db, [click(mail, 10)]);
    await db.query(`delete from app_public.mail_events`);
    await apply(db, [click(mail, 40, 'a', true)]);
    assert.deepEqual(await clicks(db, mail), [2, 1, 10]);
    await apply(db, [click(mail, 50)]);
    assert.deepEqual(await clicks(db, mail), [3, 1, 10]);
    await apply(db, [click(mail, 5)]);
    assert.deepEqual(await clicks(db, mail), [4, 1, 5]);
  }),
);
