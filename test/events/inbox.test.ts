// Promise: a body that can't be read or applied holds up itself alone, and what only met somebody else's locks is tried again as a whole.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import type { WebhookSource } from '../../src/providers/webhook_source.ts';
import { addWebhookSource, webhookSource } from '../../src/providers/webhook_sources.ts';
import { recordEvents } from '../../src/server/webhooks/record_events.ts';
import { applyBatch } from '../../src/tasks/inbox/apply_batch.ts';
import { mostEventsOfABody } from '../../src/tasks/inbox/parse_bodies.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { one, statusOf } from '../support/scene.ts';
import { anEventWorld, type EventWorld, type SentMail } from './world.ts';

const config = loadConfig({ NODE_ENV: 'test' });
const log = createLogger({ LOG_LEVEL: 'silent' });
const stopping = new AbortController().signal;

/** Reads our own form, as many times as the body says; a body without a type breaks it. */
const fragile: WebhookSource = {
  ...webhookSource('standard'),
  name: 'fragile',
  parse: (request) => {
    const { times, ...event }: { times?: number } = JSON.parse(request.body.toString());
    const read = webhookSource('standard').parse({ ...request, body: Buffer.from(JSON.stringify(event)) });
    if (read.length === 0) throw new TypeError('the parser has a fault');
    return Array.from({ length: times ?? 1 }, (_, n) =>
      read.map((one) => ({ ...one, dedupeKey: `${one.dedupeKey} ${n}` })),
    ).flat();
  },
};
addWebhookSource(fragile);

let database: TestDatabase;
let world: EventWorld;
before(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  await database.pool.query('truncate app_public.event_logs');
  world = await anEventWorld(database.pool, { contacts: 2 });
});
after(() => database.close());

interface Told {
  readonly provider?: string;
  readonly serviceId?: string;
  readonly id?: string;
}

const record = (body: object, { provider = 'standard', serviceId, id = randomUUID() }: Told = {}) =>
  recordEvents(database.pool, [
    {
      provider,
      path: '/',
      headers: { 'webhook-id': id },
      body: Buffer.from(JSON.stringify(body)),
      ...(serviceId === undefined ? {} : { serviceId }),
    },
  ]);
const saying = (kind: string, { id }: SentMail, more: object = {}) => ({
  type: `mail.${kind}`,
  data: { sub_task_id: id },
  ...more,
});
const runOnce = () => applyBatch({ db: database.pool, config, log, stopping }, 100);
const logs = () =>
  one(
    database.pool,
    `select json_agg(json_build_array(attempts, processed_at is not null, error) order by id) from app_public.event_logs`,
  );
const twoMails = (): [SentMail, SentMail] => {
  const [first, second] = world.mails;
  assert.ok(first !== undefined && second !== undefined);
  return [first, second];
};

test('two senders may use the same webhook-id; one sender may not use it twice', async () => {
  const [mail] = twoMails();
  const other = await anEventWorld(database.pool);
  const [theirs] = other.mails;
  assert.ok(theirs !== undefined);
  const id = 'event 1';
  await record(saying('open', mail), { serviceId: world.serviceId, id });
  await record(saying('open', theirs), { serviceId: other.serviceId, id });
  await record(saying('open', mail), { serviceId: world.serviceId, id });
  await runOnce();
  const opens = (of: SentMail) =>
    one(database.pool, 'select open_count from app_public.sub_tasks where id = $1', [of.id]);
  assert.deepEqual([await opens(mail), await opens(theirs)], [1, 1]);
});

test('a parser that throws fails its body alone, which is tried again', async () => {
  const [mail] = twoMails();
  await record({}, { provider: 'fragile' });
  await record(saying('delivered', mail));
  await runOnce();
  assert.equal(await statusOf(database.pool, mail.id), 'delivered');
  assert.deepEqual(await logs(), [
    [1, false, 'the parser has a fault'],
    [1, true, null],
  ]);
});

test('a body of too many events is parked, and kept as it came', async () => {
  const [mail, other] = twoMails();
  await record(saying('open', mail, { times: mostEventsOfABody + 1 }), { provider: 'fragile' });
  await record(saying('delivered', other));
  await runOnce();
  assert.deepEqual(await logs(), [
    [1, true, `the body holds ${mostEventsOfABody + 1} events, more than ${mostEventsOfABody}`],
    [1, true, null],
  ]);
  assert.equal(await statusOf(database.pool, mail.id), 'sent');
  assert.equal(await statusOf(database.pool, other.id), 'delivered');
});

test('a deadlock with somebody else is no fault of the bodies: all of them are applied at once', async () => {
  const mails = twoMails();
  for (const mail of mails) await record(saying('delivered', mail));
  const [first, last] = mails.map(({ id }) => id).sort();
  const other = await database.pool.connect();
  const lock = (id: string | undefined) =>
    other.query('select from app_public.sub_tasks where id = $1 for update', [id]);
  try {
    await other.query('begin');
    // So it is the batch that notices, and gives way.
    await other.query(`set local deadlock_timeout = '1 min'`);
    await lock(last);
    const pid = await one<number>(other, 'select pg_backend_pid()');
    const applied = runOnce();
    const waiting = 'select count(*)::integer from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
    await eventually(
      () => one<number>(database.pool, waiting, [pid]),
      (waiters) => waiters === 1,
    );
    await lock(first);
    await other.query('commit');
    assert.equal(await applied, 2);
  } finally {
    other.release();
  }
  assert.deepEqual(await logs(), [
    [1, true, null],
    [1, true, null],
  ]);
  for (const { id } of mails) assert.equal(await statusOf(database.pool, id), 'delivered');
});
