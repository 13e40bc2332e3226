// Promise: an event finds its mail by five strategies in order, each by an index, and never a mail of somebody else's service.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { EventToApply } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { anEvent } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aService, one } from '../support/scene.ts';
import { anEventWorld, apply, type EventWorld, type SentMail } from './world.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inWorld = (work: (db: Queryable, mail: SentMail, world: EventWorld) => Promise<void>) => () =>
  withTransaction(database.pool, async (db) => {
    const world = await anEventWorld(db, { tasks: 2 });
    const [mail] = world.mails;
    assert.ok(mail !== undefined);
    await work(db, mail, world);
  });

/** Says nothing of a mail but what is given. It happened a moment ago. */
function nameless(more: Partial<EventToApply>): EventToApply {
  const now = new Date(Date.now() + 1_000).toISOString();
  return anEvent('', 'open', {
    sub_task_id: null,
    sub_task_id_from: null,
    occurred_at: now,
    received_at: now,
    ...more,
  });
}

/** How the last event was resolved, and to which mail. */
async function found(db: Queryable, event: EventToApply): Promise<{ strategy: string | null; id: string | null }> {
  await apply(db, [event]);
  return one(
    db,
    `select json_build_object('strategy', strategy, 'id', sub_task_id) from app_public.mail_events order by id desc limit 1`,
  );
}

const nowhere = { strategy: null, id: null };

test(
  'each strategy, and which it was',
  inWorld(async (db, mail, { serviceId, mails }) => {
    const last = mails.at(-1);
    const { id } = mail;
    for (const from of ['custom_args', 'payload'] as const)
      assert.deepEqual(await found(db, nameless({ sub_task_id: id, sub_task_id_from: from })), { strategy: from, id });
    assert.deepEqual(await found(db, nameless({ message_id: id })), { strategy: 'message_id', id });
    assert.deepEqual(await found(db, nameless({ tracking_id: mail.trackingId })), { strategy: 'tracking_id', id });
    await handedOver(db, mail, '2 hours');
    const recipient = { recipient: mail.recipient, service_id: serviceId };
    assert.deepEqual(await found(db, nameless(recipient)), { strategy: 'recipient', id: last?.id });
  }),
);

test(
  'what one strategy does not find, the next one does',
  inWorld(async (db, mail) => {
    const unknown = { sub_task_id: '00000000-0000-4000-8000-000000000000', message_id: 'unknown' };
    assert.deepEqual(await found(db, nameless({ ...unknown, tracking_id: mail.trackingId })), {
      strategy: 'tracking_id',
      id: mail.id,
    });
  }),
);

async function handedOver(db: Queryable, mail: SentMail, ago: string): Promise<void> {
  await db.query('update app_public.sub_tasks set handed_over_at = now() - $2::interval where id = $1', [mail.id, ago]);
}

test(
  'of several mails to an address it is the latest before the event; two within a minute are no telling; a week is too long',
  inWorld(async (db, mail, { serviceId, mails }) => {
    const [, other] = mails;
    assert.ok(other !== undefined);
    const asked = () => found(db, nameless({ recipient: mail.recipient, service_id: serviceId }));
    await handedOver(db, mail, '30 s');
    assert.deepEqual(await asked(), nowhere);
    await handedOver(db, mail, '3 days');
    assert.equal((await asked()).id, other.id);
    await handedOver(db, other, '8 days');
    assert.equal((await asked()).id, mail.id);
    await handedOver(db, mail, '9 days');
    assert.deepEqual(await asked(), nowhere);
    await handedOver(db, mail, '-1 hour');
    assert.deepEqual(await asked(), nowhere);
  }),
);

test(
  'who names an id of ours is not guessed at, nor is a mail whose other id the same provider knows',
  inWorld(async (db, mail, { serviceId }) => {
    await handedOver(db, mail, '1 hour');
    const by = { recipient: mail.recipient, service_id: serviceId };
    const unknown = '00000000-0000-4000-8000-000000000000';
    assert.deepEqual(await found(db, nameless({ ...by, sub_task_id: unknown })), nowhere);
    assert.deepEqual(await found(db, nameless({ ...by, tracking_id: 'unknown' })), nowhere);
    assert.deepEqual(await found(db, nameless({ ...by, message_id: 'another system' })), nowhere);
    // A relay's provider has ids of its own.
    assert.equal((await found(db, nameless({ ...by, message_id: 'another', provider: 'ses' }))).strategy, 'recipient');
  }),
);

/** Everything that could lead to the mail, coming in by the path of a service. */
function telling(mail: SentMail, serviceId: string): EventToApply[] {
  return [
    { sub_task_id: mail.id },
    { message_id: mail.id },
    { tracking_id: mail.trackingId },
    { recipient: mail.recipient },
  ].map((name) => nameless({ ...name, service_id: serviceId }));
}

test(
  "nothing that comes in by another service's path leads to a mail",
  inWorld(async (db, mail) => {
    const stranger = await aService(db);
    for (const event of telling(mail, stranger)) assert.deepEqual(await found(db, event), nowhere);
    assert.equal(await one(db, 'select open_count from app_public.sub_tasks where id = $1', [mail.id]), 0);
  }),
);

test(
  'services that are one account hear of each other',
  inWorld(async (db, mail, { serviceId }) => {
    const sibling = await aService(db);
    await handedOver(db, mail, '1 hour');
    await db.query(
      'update app_private.email_service_credentials set account_tag = $1 where email_service_id = any ($2)',
      [randomBytes(32), [serviceId, sibling]],
    );
    const [byId, ...others] = telling(mail, sibling);
    assert.ok(byId !== undefined);
    assert.equal((await found(db, byId)).id, mail.id);
    for (const event of others) assert.notEqual((await found(db, event)).id, null);
  }),
);

test(
  'a service that handed a mail over is heard of it, whoever has it now',
  inWorld(async (db, mail, { serviceId }) => {
    const [event] = telling(mail, serviceId);
    assert.ok(event !== undefined);
    await db.query('update app_public.sub_tasks set service_id = null where id = $1', [mail.id]);
    assert.equal((await found(db, event)).id, mail.id);
  }),
);

test(
  'an event that found no mail counts once it does, once, and its old line is replaced',
  inWorld(async (db, mail) => {
    const event = nameless({ message_id: 'not known yet', may_wait: false });
    assert.deepEqual(await found(db, event), nowhere);
    await apply(db, [event]);
    await db.query(`update app_public.sub_tasks set message_id = 'not known yet' where id = $1`, [mail.id]);
    for (let time = 0; time < 2; time += 1) await apply(db, [event]);
    const { rows } = await db.query('select sub_task_id as id from app_public.mail_events');
    assert.deepEqual(rows, [{ id: mail.id }]);
    assert.equal(await one(db, 'select open_count from app_public.sub_tasks where id = $1', [mail.id]), 1);
  }),
);

const many = 200_000;

/** Many other mails, to as many addresses, of the same service. */
async function fill(db: Queryable, { taskIds, serviceId }: EventWorld): Promise<void> {
  await db.query(
    `with ids as materialized (select gen_random_uuid() as id, n from generate_series(1, $2::integer) as n),
          mails as (
            insert into app_public.sub_task_mails (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
            select id, $1::uuid, 'reader' || n || '@example.com', id::text, '', '', '' from ids)
     insert into app_public.sub_tasks (id, task_id, status, phase, message_id, service_id, handed_over_at, failed_at, error_code)
     select id, $1::uuid, 'failed', 'failed', id::text, $3::uuid, now(), now(), 'scene' from ids`,
    [taskIds[0], many, serviceId],
  );
  await db.query('analyze app_public.sub_tasks, app_public.sub_task_mails');
}

/** Scans of an index in this transaction. */
function scansOf(db: Queryable, index: string): Promise<number> {
  return one(db, 'select pg_stat_get_xact_numscans($1::regclass)::integer', [`app_public.${index}`]);
}

function rowsRead(db: Queryable): Promise<number> {
  return one(
    db,
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer from pg_stat_xact_user_tables where relname in ('sub_tasks', 'sub_task_mails')`,
  );
}

test(`each strategy goes by its index among ${many} mails`, () =>
  withTransaction(database.pool, async (db) => {
    const world = await anEventWorld(db);
    const [mail] = world.mails;
    assert.ok(mail !== undefined);
    await fill(db, world);
    const indexes = [
      'sub_tasks_pkey',
      'sub_tasks_by_message',
      'sub_task_mails_tracking_id_key',
      'sub_task_mails_recipient_email_task_id_key',
    ];
    for (const [number, event] of telling(mail, world.serviceId).entries()) {
      const index = indexes[number] ?? '';
      const [scans, read] = [await scansOf(db, index), await rowsRead(db)];
      assert.equal((await found(db, event)).id, mail.id);
      assert.ok((await scansOf(db, index)) > scans, `${index} was not used`);
      const rows = (await rowsRead(db)) - read;
      assert.ok(rows < 50, `${index}: ${rows} rows were read`);
    }
  }));
