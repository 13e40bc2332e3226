// Promise: an erased person can be found nowhere any more, is never written to again, and not a single total changes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { continueErasure } from '../../src/database/erasure/continue_erasure.ts';
import { finishGeneration } from '../../src/database/generation/finish_generation.ts';
import { insertBatch } from '../../src/database/generation/insert_batch.ts';
import { startGeneration } from '../../src/database/generation/start_generation.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { changeBatch } from '../../src/database/queue/change_batch.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { returnClaims } from '../../src/database/queue/return_claims.ts';
import { createLogger } from '../../src/log.ts';
import { recordEvents } from '../../src/server/webhooks/record_events.ts';
import { applyBatch } from '../../src/tasks/inbox/apply_batch.ts';
import { uuidV7 } from '../../src/tasks/uuid_v7.ts';
import { anEventWorld, type SentMail } from '../events/world.ts';
import { aResult } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aClaim, aDraft, aQueuedTask, aService, driftOf, one, statusOf } from '../support/scene.ts';
import { asMember, waiting } from './support.ts';

const config = loadConfig({ NODE_ENV: 'test' });
const log = createLogger({ LOG_LEVEL: 'silent' });
const stopping = new AbortController().signal;

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const contactOf = (subTaskId: string) =>
  one<string>(database.pool, 'select contact_id from app_public.sub_task_mails where sub_task_id = $1', [subTaskId]);
const erase = (contactId: string) =>
  one<string>(database.pool, 'select id from app_public.erase_contact($1)', [contactId]);
const finish = async (erasureId: string) => {
  while (await continueErasure(database.pool, erasureId, 1));
};
const erasureRow = (id: string) =>
  one<Record<string, number>>(
    database.pool,
    `select jsonb_build_object('mails', mails, 'cancelled', cancelled, 'events', events, 'bodies', bodies, 'refusals', refusals)
       from app_public.erasures where id = $1 and finished_at is not null and email is null`,
    [id],
  );
const hear = async (kind: string, { id, recipient }: SentMail, more: object = {}) => {
  await recordEvents(database.pool, [
    {
      provider: 'standard',
      path: '/',
      headers: { 'webhook-id': `${kind} ${id} ${JSON.stringify(more)}`, 'x-of': recipient },
      body: Buffer.from(
        JSON.stringify({
          type: `mail.${kind}`,
          data: { sub_task_id: id, recipient, reason: `of ${recipient}`, ...more },
        }),
      ),
    },
  ]);
  while ((await applyBatch({ db: database.pool, config, log, stopping }, 100)) > 0);
};

/** Every place where a text stands, in any column of any table; what is binary is looked through as well. */
async function placesOf(text: string): Promise<string[]> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('app_public', 'app_hidden', 'app_private', 'graphile_worker') order by 1`,
  );
  const hex = Buffer.from(text).toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    const query = `select count(*)::integer from ${name} as t where position($1 in t::text) > 0 or position($2 in t::text) > 0`;
    if ((await one<number>(database.pool, query, [text, hex])) > 0) found.push(name);
  }
  return found;
}

const totals = (taskId: string) =>
  one(
    database.pool,
    `select jsonb_build_array(app_public.tasks_states(t), app_public.tasks_funnel(t)) from app_public.tasks t where id = $1`,
    [taskId],
  );

test('nothing of the address is left in any table, and the totals are what they were', async () => {
  const { mails, taskIds } = await anEventWorld(database.pool, { contacts: 2, tasks: 2 });
  const [mail, second, other] = mails;
  assert.ok(mail !== undefined && second !== undefined && other !== undefined);
  await database.pool.query(
    `update app_public.contacts set name = 'Somebody special', attributes = '{"city": "of special people"}' where email = $1`,
    [mail.recipient],
  );
  await database.pool.query(
    `update app_public.sub_task_mails set rendered_body = 'Dear Somebody special', link_urls = '{https://example.com/?of=Somebody+special}' where sub_task_id = $1`,
    [mail.id],
  );
  await hear('delivered', mail);
  await hear('click', mail, { url: 'https://example.com/?of=Somebody+special' });
  await hear('unsubscribe', second);
  await hear('open', other);
  // Of nobody's mail, but it names the address; and one that was refused.
  await hear('open', { ...mail, id: '00000000-0000-4000-8000-000000000000' });
  await database.pool.query(
    `insert into app_hidden.webhook_refusals (refused_at, source, reason, headers, body_head) values (now(), 'standard', 'no', '{}', $1)`,
    [Buffer.from(`{"to":"${mail.recipient}"}`)],
  );
  const before = await Promise.all(taskIds.map(totals));
  assert.ok((await placesOf(mail.recipient)).length > 3);

  const id = await erase(await contactOf(mail.id));
  await finish(id);

  assert.deepEqual(await placesOf(mail.recipient), []);
  assert.deepEqual(await placesOf('Somebody special'), []);
  assert.deepEqual(await placesOf('of=Somebody+special'), []);
  assert.deepEqual(await Promise.all(taskIds.map(totals)), before);
  for (const taskId of taskIds) assert.equal(await driftOf(database.pool, taskId), 0);
  assert.deepEqual(await erasureRow(id), { mails: 2, cancelled: 0, events: 4, bodies: 4, refusals: 1 });
  assert.ok((await placesOf(other.recipient)).includes('app_public.sub_task_mails'), 'the other person is still there');
});

test('the suppression stays in force by its hash', async () => {
  const { mails, workspaceId } = await anEventWorld(database.pool);
  const [mail] = mails;
  assert.ok(mail !== undefined);
  await hear('unsubscribe', mail);
  await finish(await erase(await contactOf(mail.id)));
  const { rows } = await database.pool.query(
    'select email, reason, email_hash from app_public.suppressions where workspace_id = $1',
    [workspaceId],
  );
  const hash = createHash('sha256').update(mail.recipient).digest();
  assert.deepEqual(rows, [{ email: null, reason: 'unsubscribe', email_hash: hash }]);
  // Added again by somebody, it is no recipient.
  await database.pool.query('select app_public.add_contacts($1, $2)', [
    workspaceId,
    JSON.stringify([{ email: mail.recipient }]),
  ]);
  const recipients = `select count(*)::integer from app_public.tasks t cross join app_hidden.recipients(t) where t.workspace_id = $1`;
  assert.equal(await one(database.pool, recipients, [workspaceId]), 0);
});

test('what is heard later counts, without its words; a complaint suppresses the hash', async () => {
  const { mails, taskIds, workspaceId } = await anEventWorld(database.pool);
  const [mail] = mails;
  const [taskId = ''] = taskIds;
  assert.ok(mail !== undefined);
  await finish(await erase(await contactOf(mail.id)));
  await hear('open', mail);
  await hear('click', mail, { url: 'https://example.com/late' });
  await hear('complaint', mail);
  await database.pool.query('select * from app_private.unsubscribe($1)', [mail.trackingId]);
  assert.equal(await statusOf(database.pool, mail.id), 'clicked');
  assert.deepEqual(await placesOf(mail.recipient), []);
  assert.equal(await driftOf(database.pool, taskId), 0);
  const { rows } = await database.pool.query(
    'select email, reason, email_hash from app_public.suppressions where workspace_id = $1',
    [workspaceId],
  );
  const hash = createHash('sha256').update(mail.recipient).digest();
  assert.deepEqual(rows, [{ email: null, reason: 'complaint', email_hash: hash }]);
});

test('what waits is cancelled, what a worker has claimed is refused to it, what it has begun counts', async () => {
  const { taskId } = await aQueuedTask(database.pool, { recipients: 3 });
  const ids = await one<string[]>(
    database.pool,
    'select array_agg(id order by position) from app_public.sub_tasks where task_id = $1',
    [taskId],
  );
  const [begun = '', claimed = '', waits = ''] = ids;
  const serviceId = await aService(database.pool, { intervalMs: 0 });
  const { loopToken, claim } = await aClaim(database.pool, serviceId, 2);
  await beginSends(database.pool, claim.claimToken, [begun]);
  for (const id of ids) await finish(await erase(await contactOf(id)));
  assert.deepEqual(await Promise.all(ids.map((id) => statusOf(database.pool, id))), [
    'sending',
    'allocated',
    'cancelled',
  ]);
  const { refused } = await beginSends(database.pool, claim.claimToken, [claimed]);
  assert.deepEqual(refused, [{ id: claimed, refusal: 'SUPPR' }]);
  await returnClaims(database.pool, serviceId, claim.claimToken, [claimed]);
  await completeSends(database.pool, serviceId, claim.claimToken, [aResult(begun, 'accepted', {})]);
  for (let outcome = 'more'; outcome === 'more'; )
    ({ outcome } = await claimSubTasks(database.pool, serviceId, loopToken, 10));
  assert.deepEqual(await Promise.all(ids.map((id) => statusOf(database.pool, id))), ['sent', 'cancelled', 'cancelled']);
  assert.equal(
    await one(database.pool, 'select error_code from app_public.sub_tasks where id = $1', [waits]),
    'erased',
  );
  assert.equal(await driftOf(database.pool, taskId), 0);
});

test('a mail that failed, was erased and is retried goes to nobody', async () => {
  const { taskId } = await aQueuedTask(database.pool, { recipients: 1 });
  const id = await one<string>(database.pool, 'select id from app_public.sub_tasks where task_id = $1', [taskId]);
  const serviceId = await aService(database.pool, { intervalMs: 0 });
  const { loopToken, claim } = await aClaim(database.pool, serviceId);
  await beginSends(database.pool, claim.claimToken, [id]);
  await completeSends(database.pool, serviceId, claim.claimToken, [
    aResult(id, 'refused', { code: '550', message: 'no such mailbox' }),
  ]);
  await finish(await erase(await contactOf(id)));
  assert.equal(await one(database.pool, 'select error_message from app_public.sub_tasks where id = $1', [id]), null);
  await database.pool.query('select app_public.retry_failed($1)', [taskId]);
  await changeBatch(database.pool, taskId, 'retry_failed', null, 10);
  assert.equal(await statusOf(database.pool, id), 'pending');
  for (let outcome = 'more'; outcome === 'more'; )
    ({ outcome } = await claimSubTasks(database.pool, serviceId, loopToken, 10));
  assert.equal(await statusOf(database.pool, id), 'cancelled');
  assert.equal(await driftOf(database.pool, taskId), 0);
});

test('a mail that is rendered at that moment is found as well', async () => {
  const { taskId } = await aDraft(database.pool, { recipients: 1 });
  await database.pool.query('select app_public.schedule_task($1)', [taskId]);
  await startGeneration(database.pool, taskId, 100);
  const { rows } = await database.pool.query<{ contacts: { id: string; email: string }[] }>(
    'select contacts from app_private.read_batch($1, -1)',
    [taskId],
  );
  const [contact] = rows[0]?.contacts ?? [];
  assert.ok(contact !== undefined);
  const erasureId = await erase(contact.id);
  const templateId = await one<string>(
    database.pool,
    'select template_id from app_public.task_templates where task_id = $1',
    [taskId],
  );
  const texts = { subject: 'Hello', html: `<p>${contact.email}</p>`, text: 'Hello', links: [], error: null };
  const row = { id: uuidV7(), contactId: contact.id, templateId, email: contact.email, trackingId: 'rendered00000000' };
  await insertBatch(database.pool, taskId, 0, [{ ...row, ...texts }]);
  await finishGeneration(database.pool, taskId);
  await finish(erasureId);
  assert.equal(await statusOf(database.pool, row.id), 'cancelled');
  assert.deepEqual(await placesOf(contact.email), []);
  assert.equal(await driftOf(database.pool, taskId), 0);
});

test('erased while it is being handed over: one waits for the other, and none for ever', async () => {
  const { taskId } = await aQueuedTask(database.pool, { recipients: 1 });
  const id = await one<string>(database.pool, 'select id from app_public.sub_tasks where task_id = $1', [taskId]);
  const contactId = await contactOf(id);
  const serviceId = await aService(database.pool, { intervalMs: 0 });
  const { claim } = await aClaim(database.pool, serviceId);
  const holder = await database.pool.connect();
  await holder.query('begin');
  await holder.query('select from app_public.sub_tasks where id = $1 for update', [id]);
  const erased = erase(contactId);
  await eventually(
    () => waiting(database.pool),
    (count) => count === 1,
  );
  const begun = beginSends(database.pool, claim.claimToken, [id]);
  await eventually(
    () => waiting(database.pool),
    (count) => count === 2,
  );
  await holder.query('commit');
  holder.release();
  const [erasureId, { mails, refused }] = await Promise.all([erased, begun]);
  assert.deepEqual(mails, []);
  assert.deepEqual(refused, [{ id, refusal: 'SUPPR' }]);
  await finish(erasureId);
});

test('asked twice, at once or later, it is one erasure; other people of the world get NTFND', async () => {
  const { mails, workspaceId } = await anEventWorld(database.pool);
  const [mail] = mails;
  assert.ok(mail !== undefined);
  const contactId = await contactOf(mail.id);
  const stranger = await anEventWorld(database.pool);
  const eraseAs = (workspace: string, role: 'viewer' | 'editor') =>
    asMember(database.pool, workspace, role, (db) =>
      one<string>(db, 'select id from app_public.erase_contact($1)', [contactId]),
    );
  await assert.rejects(eraseAs(stranger.workspaceId, 'editor'), { code: 'NTFND' });
  await assert.rejects(eraseAs(workspaceId, 'viewer'), { code: 'FRBDN' });
  const [first, second] = await Promise.all([eraseAs(workspaceId, 'editor'), erase(contactId)]);
  assert.equal(first, second);
  await finish(first);
  assert.equal(await erase(contactId), first);
  await assert.rejects(erase(workspaceId), { code: 'NTFND' });
});

test('an export holds everything, and is for members only', async () => {
  const { mails, workspaceId } = await anEventWorld(database.pool, { tasks: 2 });
  const [mail] = mails;
  assert.ok(mail !== undefined);
  await hear('unsubscribe', mail);
  const contactId = await contactOf(mail.id);
  const exported = (workspace: string) =>
    asMember(database.pool, workspace, 'editor', (db) =>
      one<{ contact: object; mails: object[]; suppressions: object[] }>(
        db,
        'select app_public.export_contact_data($1)',
        [contactId],
      ),
    );
  const found = await exported(workspaceId);
  assert.partialDeepStrictEqual(found.contact, { email: mail.recipient, status: 'unsubscribed' });
  assert.equal(found.mails.length, 2);
  assert.partialDeepStrictEqual(found.mails[0], {
    id: mail.id,
    to: mail.recipient,
    html: '<p>Hello</p>',
    events: [{ kind: 'unsubscribe' }],
  });
  assert.partialDeepStrictEqual(found.suppressions, [{ reason: 'unsubscribe' }]);
  const stranger = await anEventWorld(database.pool);
  await assert.rejects(exported(stranger.workspaceId), { code: 'NTFND' });
});
