// Promise: who unsubscribes, by their mail program's button or by ours, gets no mail of that workspace that is begun after the answer; and nothing
// but a person, or a mail program that was asked to, unsubscribes anyone.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { takeLoop } from '../../src/database/queue/take_loop.ts';
import { aQueuedTask, aService, aWorkspace, driftOf, one, statusOf } from '../support/scene.ts';
import { browserAgent, lockTable, startTracking, type TrackedMail, visit } from './tracking_support.ts';

type Body = NonNullable<RequestInit['body']>;

const oneClick = 'List-Unsubscribe=One-Click';
const urlEncoded = 'application/x-www-form-urlencoded';
const scanner = 'python-requests/2.32';

suite('unsubscribe', async () => {
  const { pool, server, aMail, address, linkOf, eventCount, eventsOf } = await startTracking();
  const link = ({ trackingId }: TrackedMail) => linkOf('u', trackingId);
  const post = (mail: TrackedMail, body: Body, headers: Record<string, string> = {}) =>
    visit(link(mail), { method: 'POST', body, headers: { 'user-agent': browserAgent, ...headers } });
  const suppressions = (workspaceId: string) =>
    one<number>(pool, 'select count(*)::integer from app_public.suppressions where workspace_id = $1', [workspaceId]);
  const contactStatus = ({ subTaskId }: TrackedMail) =>
    one<string>(
      pool,
      'select c.status from app_public.contacts c join app_public.sub_task_mails m on m.contact_id = c.id where m.sub_task_id = $1',
      [subTaskId],
    );

  /** Claims for a service of its own, again and again. */
  const aLoop = async () => {
    const serviceId = await aService(pool, { intervalMs: 0, maxInFlight: 1_000 });
    const loopToken = (await takeLoop(pool, serviceId, 'pool-test')) ?? assert.fail();
    return () => claimSubTasks(pool, serviceId, loopToken, 10);
  };

  test('opening the page changes nothing; it speaks English or Chinese', async () => {
    const mail = await aMail();
    const before = await eventCount();
    for (const method of ['GET', 'HEAD']) {
      const response = await visit(link(mail), { method });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
    }
    assert.match(await (await visit(link(mail))).text(), /<form method="post">/);
    const chinese = await visit(link(mail), { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } });
    assert.match(await chinese.text(), /退订/);
    assert.equal(await eventCount(), before);
    assert.equal(await contactStatus(mail), 'active');
  });

  test("the page knows the contact's language and the sender, and shows no more of the address than its owner needs", async () => {
    const mail = await aMail();
    const inLanguage = async (attributes: object, header: string) => {
      await pool.query(
        'update app_public.contacts set attributes = $2 where id = (select contact_id from app_public.sub_task_mails where sub_task_id = $1)',
        [mail.subTaskId, attributes],
      );
      const page = await (await visit(link(mail), { headers: { 'accept-language': header } })).text();
      return /<html lang="(.*?)">/.exec(page)?.[1];
    };
    assert.equal(await inLanguage({ language: 'zh_CN' }, 'en'), 'zh-Hans');
    assert.equal(await inLanguage({ locale: 'EN-us' }, 'zh'), 'en');
    assert.equal(await inLanguage({ language: 'fi' }, 'zh-TW'), 'zh-Hans');
    assert.equal(await inLanguage({ language: { not: 'text' } }, 'fi'), 'en');
    assert.equal(await inLanguage({}, 'zh;q=0.1, en'), 'en');
    await pool.query(
      `update app_public.senders set display_name = '<b>Us & You</b>' where id = (select sender_id from app_public.tasks where id = $1)`,
      [mail.taskId],
    );
    const page = await (await visit(link(mail))).text();
    assert.ok(page.includes('&lt;b&gt;Us &amp; You&lt;/b&gt;'));
    assert.ok(page.includes(`${mail.email.slice(0, 1)}•••@example.com`));
    assert.equal(page.includes(mail.email), false);
  });

  test('RFC 8058 unsubscribes, however the body is packed and whoever sends it', async () => {
    const multipart = new FormData();
    multipart.set('List-Unsubscribe', 'One-Click');
    const bodies: [Body, Record<string, string>][] = [
      [multipart, {}],
      [oneClick, { 'content-type': urlEncoded }],
      [oneClick, { 'content-type': `${urlEncoded}; charset=UTF-8` }],
      [oneClick, { 'content-type': 'text/plain' }],
      [multipart, { 'user-agent': scanner }],
      [oneClick, { 'content-type': urlEncoded, 'user-agent': 'Mozilla/5.0' }],
    ];
    for (const [body, headers] of bodies) {
      const mail = await aMail();
      const [event] = await eventsOf(1, async () => {
        const response = await post(mail, body, headers);
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('set-cookie'), null);
        assert.match(await response.text(), /You are unsubscribed/);
        assert.equal(await contactStatus(mail), 'unsubscribed');
      });
      assert.equal(event?.kind, 'unsubscribe');
      assert.equal(event?.trackingId, mail.trackingId);
      assert.equal(event?.machine, null, 'a mail program does what its user told it to');
    }
  });

  test('our own button unsubscribes a person, and shows a scanner the page', async () => {
    const mail = await aMail();
    const before = await eventCount();
    const pressed = new URLSearchParams(await buttonOf(link(mail)));
    for (const headers of [{ 'user-agent': scanner }, { 'sec-purpose': 'prefetch' }]) {
      const response = await post(mail, pressed, headers);
      assert.equal(response.status, 200);
      assert.match(await response.text(), /<form method="post">/);
    }
    assert.equal(await contactStatus(mail), 'active');
    assert.equal(await eventCount(), before);
    assert.match(await (await post(mail, pressed)).text(), /You are unsubscribed/);
    assert.equal(await contactStatus(mail), 'unsubscribed');
  });

  test('any other body is shown the page, and read only so far', async () => {
    const mail = await aMail();
    const before = await eventCount();
    const bodies: [Body, Record<string, string>][] = [
      ['', {}],
      ['List-Unsubscribe=Two-Clicks', { 'content-type': urlEncoded }],
      ['x'.repeat(3_000_000), { 'content-type': urlEncoded }],
      [`${oneClick}&x=${'x'.repeat(20_000)}`, { 'content-type': urlEncoded }],
      ['--b\r\nnot multipart at all', { 'content-type': 'multipart/form-data; boundary=b' }],
      [`{"List-Unsubscribe": "One-Click"}`, { 'content-type': 'application/json' }],
      [new Uint8Array([0, 255, 254, 37, 37]), {}],
    ];
    for (const [body, headers] of bodies) {
      const response = await post(mail, body, headers);
      assert.equal(response.status, 400);
      assert.match(await response.text(), /<form method="post">/);
    }
    assert.equal(await eventCount(), before);
    assert.equal(await contactStatus(mail), 'active');
  });

  test('a mail of another Task that is claimed already is refused directly after the answer; another workspace may write', async () => {
    const first = await aMail();
    const second = await aMail({ workspaceId: first.workspaceId, recipients: 0 });
    const foreign = await aWorkspace(pool);
    const list = JSON.stringify([{ email: first.email }]);
    await pool.query('select app_public.add_contacts($1, $2)', [foreign, list]);
    const other = await aMail({ workspaceId: foreign, recipients: 0 });
    const claims = new Map<string, { claimToken: string; subTaskIds: string[] }>();
    const claim = await aLoop();
    while (![first, second, other].every(({ taskId }) => claims.has(taskId))) {
      const claimed = await claim();
      assert.notEqual(claimed.outcome, 'no_work');
      if (claimed.outcome === 'claimed') claims.set(claimed.taskId, claimed);
    }
    const begin = ({ taskId }: TrackedMail) => {
      const { claimToken, subTaskIds } = claims.get(taskId) ?? assert.fail();
      return beginSends(pool, claimToken, subTaskIds);
    };

    assert.equal((await post(first, oneClick, { 'content-type': urlEncoded })).status, 200);

    const refusal = { mails: [], refused: [{ id: second.subTaskId, refusal: 'SUPPR' }] };
    assert.deepEqual(await begin(second), refusal);
    assert.deepEqual((await begin(first)).refused, [{ id: first.subTaskId, refusal: 'SUPPR' }]);
    assert.deepEqual(
      (await begin(other)).mails.map(({ recipientEmail }) => recipientEmail),
      [first.email],
    );
  });

  test('mails that wait are cancelled when their turn comes, and a Task made later leaves the contact out', async () => {
    const sent = await aMail();
    const waiting = await aMail({ workspaceId: sent.workspaceId, recipients: 0 });
    assert.equal((await post(sent, oneClick, { 'content-type': urlEncoded })).status, 200);
    const claim = await aLoop();
    while ((await claim()).outcome !== 'no_work');
    assert.equal(await statusOf(pool, waiting.subTaskId), 'cancelled');
    assert.equal(await driftOf(pool, waiting.taskId), 0);
    const { taskId } = await aQueuedTask(pool, { workspaceId: sent.workspaceId, recipients: 0 });
    assert.equal(await one(pool, 'select count(*)::integer from app_public.sub_tasks where task_id = $1', [taskId]), 0);
  });

  test('who complained is not said to have merely unsubscribed', async () => {
    const mail = await aMail();
    await pool.query(
      `update app_public.contacts set status = 'complained' where id = (select contact_id from app_public.sub_task_mails where sub_task_id = $1)`,
      [mail.subTaskId],
    );
    await post(mail, oneClick, { 'content-type': urlEncoded });
    assert.equal(await contactStatus(mail), 'complained');
  });

  test('a contact that was deleted can unsubscribe, and is not written to when it is added again', async () => {
    const mail = await aMail();
    await pool.query('select app_public.delete_contact(id) from app_public.contacts where email = $1', [mail.email]);
    assert.equal((await visit(link(mail))).status, 200);
    assert.equal((await post(mail, oneClick, { 'content-type': urlEncoded })).status, 200);
    assert.equal(await suppressions(mail.workspaceId), 1);
  });

  test("a wrong token, a click's, and the token of a mail that is gone: a page that helps, and nobody is unsubscribed", async () => {
    const mail = await aMail();
    const gone = await aMail();
    await pool.query('delete from app_public.tasks where id = $1', [gone.taskId]);
    const before = await suppressions(mail.workspaceId);
    const wrong = [
      address('u', linkOf('c', mail.trackingId).split('/').at(-1) ?? ''),
      link(mail).slice(0, -3),
      `${link(mail)}x`,
      link(gone),
    ];
    for (const url of wrong) {
      for (const init of [{}, { method: 'POST', body: oneClick, headers: { 'content-type': urlEncoded } }]) {
        const response = await visit(url, init);
        assert.equal(response.status, 404);
        assert.match(await response.text(), /use the unsubscribe button of your mail program/);
      }
    }
    assert.equal(await suppressions(mail.workspaceId), before);
  });

  test('nobody is told to be unsubscribed before it is recorded and honoured', async () => {
    for (const name of ['record_events', 'unsubscribe']) {
      const mail = await aMail();
      await pool.query(`alter function app_private.${name} rename to broken`);
      const response = await post(mail, oneClick, { 'content-type': urlEncoded });
      await pool.query(`alter function app_private.broken rename to ${name}`);
      assert.equal(response.status, 503);
      assert.match(response.headers.get('retry-after') ?? '', /^[1-9][0-9]*$/);
      assert.match(await response.text(), /That did not work yet[\s\S]*<form method="post">/);
      assert.equal((await post(mail, oneClick, { 'content-type': urlEncoded })).status, 200);
    }
  });

  test('an inbox that hangs keeps nobody waiting for long; the address is suppressed all the same', async () => {
    const mail = await aMail();
    const release = await lockTable(pool, 'app_public.event_logs');
    assert.equal((await post(mail, oneClick, { 'content-type': urlEncoded })).status, 503);
    assert.equal(await contactStatus(mail), 'unsubscribed');
    await release();
    assert.equal((await visit(`${server.url}/healthz`)).status, 200);
  });
});

/** Name and value of the page's button, as a browser would send them. */
async function buttonOf(url: string): Promise<Record<string, string>> {
  const page = await (await visit(url, { headers: { 'user-agent': browserAgent } })).text();
  const [, name = '', value = ''] = /<button type="submit" name="(\w+)" value="(\w+)">/.exec(page) ?? [];
  return { [name]: value };
}
