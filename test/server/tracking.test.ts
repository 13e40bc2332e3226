// Promise: links of a mail answer whoever holds them at once, record what happened, and lead nowhere but where the mail said.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { signToken } from '../../src/rendering/token.ts';
import { eventually } from '../support/eventually.ts';
import { browserAgent, lockTable, startTracking, visit } from './tracking_support.ts';

const links = ['https://example.com/a?b=c d&e=é', 'javascript:alert(1)'];

suite('tracking', async () => {
  const { pool, aMail, address, linkOf, eventCount, eventsOf } = await startTracking();
  const { trackingId } = await aMail();
  await pool.query('update app_public.sub_task_mails set link_urls = $1', [links]);
  const pixel = linkOf('o', trackingId);
  const click = (number: number) => linkOf('c', trackingId, number);
  const forgedToken = (kind: 'o' | 'c') => signToken(Buffer.alloc(32), kind, trackingId, 0);

  test('the pixel is a GIF that is never cached, and each load is an event', async () => {
    const [first, second] = await eventsOf(2, async () => {
      for (const agent of [browserAgent, 'Mozilla/5.0']) {
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
    assert.equal(first?.detail['user_agent'], browserAgent);
    assert.equal(second?.machine, true);
    assert.notEqual(first?.dedupeKey, second?.dedupeKey);
  });

  test('HEAD and a forged token get the same answer and count for nothing', async () => {
    await eventsOf(1, async () => {
      assert.equal((await visit(pixel, { method: 'HEAD' })).status, 200);
      assert.equal((await visit(address('o', forgedToken('o')))).headers.get('content-type'), 'image/gif');
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
    const before = await eventCount();
    for (const url of [address('c', forgedToken('c')), click(1), click(7), address('c', 'x')]) {
      const response = await visit(url);
      assert.equal(response.status, 404);
      assert.equal(response.headers.get('location'), null);
      assert.match(await response.text(), /This link does not work/);
    }
    assert.equal(await eventCount(), before);
  });

  test('robots, proxies and prefetchers are led on, and known as machines', async () => {
    const machines: Record<string, string>[] = [
      { 'user-agent': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)' },
      { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
      { 'user-agent': 'python-requests/2.32' },
      { 'user-agent': browserAgent, 'sec-purpose': 'prefetch;prerender' },
      { 'user-agent': browserAgent, purpose: 'prefetch' },
      { 'user-agent': browserAgent, 'x-purpose': 'preview' },
      { 'user-agent': browserAgent, 'x-moz': 'prefetch' },
    ];
    const events = await eventsOf(machines.length, async () => {
      for (const headers of machines) assert.equal((await visit(click(0), { headers })).status, 302);
    });
    assert.deepEqual(new Set(events.map(({ machine }) => machine)), new Set([true]));
    assert.deepEqual(
      events.flatMap(({ detail }) => detail['prefetch'] ?? []),
      ['sec-purpose: prefetch;prerender', 'purpose: prefetch', 'x-purpose: preview', 'x-moz: prefetch'],
    );
  });

  test('nobody waits for the record', async () => {
    const before = await eventCount();
    const release = await lockTable(pool, 'app_public.event_logs');
    assert.equal((await visit(click(0))).status, 302);
    assert.equal((await visit(pixel)).status, 200);
    await release();
    await eventually(eventCount, (count) => count === before + 2);
  });

  test('a database that hangs is waited for a moment: then a page says so, and when to come back', async () => {
    const release = await lockTable(pool, 'app_public.sub_task_mails');
    const responses = await Promise.all([click(0), linkOf('u', trackingId)].map((url) => visit(url)));
    await release();
    for (const response of responses) {
      assert.equal(response.status, 503);
      assert.match(response.headers.get('retry-after') ?? '', /^[1-9][0-9]*$/);
      assert.match(await response.text(), /Please try again/);
    }
  });
});
