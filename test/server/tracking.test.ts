// Promise: links of a mail answer whoever holds them at once, record what happened, lead nowhere but where the mail said, and unsubscribe
// only when asked to.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseTrackingBody } from '../../src/providers/tracking.ts';
import { signToken } from '../../src/rendering/token.ts';
import { eventually } from '../support/eventually.ts';
import { aQueuedTask, one } from '../support/scene.ts';
import { secret, startTestServer } from './support.ts';

const links = ['https://example.com/a?b=c d&e=é', 'javascript:alert(1)'];

suite('tracking', async () => {
  const { server, config, pool } = await startTestServer();
  const { taskId } = await aQueuedTask(pool, { recipients: 1 });
  const trackingId = await one<string>(
    pool,
    'update app_public.sub_task_mails set link_urls = $2 where task_id = $1 returning tracking_id',
    [taskId, links],
  );
  const address = (path: string, token: string) => `${server.url}${path}/${token}`;
  const pixel = address(config.TRACKING_PIXEL_PATH, signToken(secret.tracking, 'o', trackingId));
  const click = (number: number) =>
    address(config.TRACKING_CLICK_PATH, signToken(secret.tracking, 'c', trackingId, number));
  const unsubscribe = address(config.TRACKING_UNSUBSCRIBE_PATH, signToken(secret.tracking, 'u', trackingId));
  const visit = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init });

  const count = () => one<number>(pool, 'select count(*)::integer from app_public.event_logs');
  /** The events recorded by what `work` does, once there are as many as expected. */
  const eventsOf = async (expected: number, work: () => Promise<unknown>) => {
    const before = await count();
    await work();
    await eventually(count, (now) => now >= before + expected);
    const { rows } = await pool.query<{ body: Buffer; path: string; provider: string }>(
      'select provider, path, body from app_public.event_logs order by id offset $1',
      [before],
    );
    assert.equal(rows.length, expected);
    for (const { provider, path } of rows) {
      assert.equal(provider, 'tracking');
      assert.equal(path.includes(trackingId), false, 'the token is not kept');
    }
    return rows.flatMap(({ body }) => parseTrackingBody(body));
  };

  test('the pixel is a GIF that is never cached, and each load is an event', async () => {
    const [first, second] = await eventsOf(2, async () => {
      for (const agent of ['Thunderbird', 'Mozilla/5.0']) {
        const response = await visit(pixel, { headers: { 'user-agent': agent } });
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('content-type'), 'image/gif');
        assert.equal(response.headers.get('cache-control'), 'no-store');
        assert.match(Buffer.from(await response.arrayBuffer()).toString('latin1'), /^GIF89a/);
      }
    });
    assert.equal(first?.kind, 'open');
    assert.equal(first?.trackingId, trackingId);
    assert.equal(first?.machine, null);
    assert.equal(first?.detail['user_agent'], 'Thunderbird');
    assert.equal(second?.machine, true);
    assert.notEqual(first?.dedupeKey, second?.dedupeKey);
  });

  test('HEAD and a forged token get the same answer and count for nothing', async () => {
    const forged = address(config.TRACKING_PIXEL_PATH, signToken(Buffer.alloc(32), 'o', trackingId));
    await eventsOf(1, async () => {
      assert.equal((await visit(pixel, { method: 'HEAD' })).status, 200);
      assert.equal((await visit(forged)).headers.get('content-type'), 'image/gif');
      assert.equal((await visit(click(0), { method: 'HEAD' })).status, 302);
      await visit(pixel);
    });
  });

  test('a click leads where the mail said, and is recorded', async () => {
    const [event] = await eventsOf(1, async () => {
      const response = await visit(click(0));
      assert.equal(response.status, 302);
      assert.equal(response.headers.get('location'), 'https://example.com/a?b=c%20d&e=%C3%A9');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    });
    assert.equal(event?.kind, 'click');
    assert.equal(event?.detail['url'], 'https://example.com/a?b=c%20d&e=%C3%A9');
  });

  test('a forged token, an unknown link and anything but http leads nowhere', async () => {
    const before = await count();
    const forged = address(config.TRACKING_CLICK_PATH, signToken(Buffer.alloc(32), 'c', trackingId, 0));
    for (const url of [forged, click(1), click(7), address(config.TRACKING_CLICK_PATH, 'x')]) {
      const response = await visit(url);
      assert.equal(response.status, 404);
      assert.equal(response.headers.get('location'), null);
      assert.match(await response.text(), /This link does not work/);
    }
    assert.equal(await count(), before);
  });

  test('opening the unsubscribe page changes nothing; it speaks English or Chinese', async () => {
    const before = await count();
    const response = await visit(unsubscribe);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.match(await response.text(), /<form method="post"/);
    const chinese = await visit(unsubscribe, { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } });
    assert.match(await chinese.text(), /退订/);
    assert.equal(await count(), before);
  });

  test('the button and RFC 8058 unsubscribe, however the body is packed', async () => {
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    const bodies = [form, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), 'x'.repeat(3_000_000)];
    for (const body of bodies) {
      const [event] = await eventsOf(1, async () => {
        const response = await visit(unsubscribe, { method: 'POST', body });
        assert.equal(response.status, 200);
        assert.match(await response.text(), /You are unsubscribed/);
      });
      assert.equal(event?.kind, 'unsubscribe');
      assert.equal(event?.trackingId, trackingId);
    }
  });

  test("a click's token does not unsubscribe", async () => {
    const before = await count();
    const wrong = address(config.TRACKING_UNSUBSCRIBE_PATH, signToken(secret.tracking, 'o', trackingId));
    const response = await visit(wrong, { method: 'POST' });
    assert.equal(response.status, 404);
    assert.match(await response.text(), /This link does not work/);
    assert.equal(await count(), before);
  });

  test('nobody is told to be unsubscribed before it is recorded', async () => {
    await pool.query('alter function app_private.record_events rename to broken');
    const response = await visit(unsubscribe, { method: 'POST' });
    const open = await visit(pixel);
    await pool.query('alter function app_private.broken rename to record_events');
    assert.equal(response.status, 503);
    assert.match(await response.text(), /try again/i);
    assert.equal(open.status, 200, 'a pixel is a pixel');
  });
});
