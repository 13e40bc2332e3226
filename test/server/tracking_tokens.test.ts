// Promise: no address but one of ours, unchanged, leads anywhere or unsubscribes anyone; and nothing of a request ever becomes a target.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { signToken } from '../../src/rendering/token.ts';
import { one } from '../support/scene.ts';
import { secret } from './support.ts';
import { startTracking } from './tracking_support.ts';

const target = 'https://example.com/target';
const elsewhere = 'https://elsewhere.example/';

suite('tokens', async () => {
  const { pool, server, config, aMail, eventCount } = await startTracking();
  const { trackingId } = await aMail();
  await pool.query('update app_public.sub_task_mails set link_urls = $1', [[target, target, target]]);
  const token = (number: number) => signToken(secret.tracking, 'c', trackingId, number);

  const urlSafe = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.');
  const aToken = fc.constantFrom(token(0), token(2));
  /** What makes a token another one. */
  const mutated = fc.oneof(
    fc.tuple(aToken, fc.nat(), urlSafe).map(([good, at, character]) => {
      const position = at % good.length;
      return good.slice(0, position) + character + good.slice(position + 1);
    }),
    fc.tuple(aToken, fc.nat()).map(([good, length]) => good.slice(0, length % good.length)),
    fc.tuple(aToken, fc.string({ minLength: 1 })).map(([good, tail]) => good + encodeURIComponent(tail)),
    fc.tuple(aToken, aToken).map(([head, tail]) => head + tail),
    fc.tuple(fc.nat({ max: 200_000 }), fc.constantFrom(0, 2)).map(([number, of]) => {
      return token(of).replace(/\.\d+\./, `.${number}.`);
    }),
    fc.constantFrom('o', 'u').map((kind) => signToken(secret.tracking, kind === 'o' ? 'o' : 'u', trackingId)),
    fc
      .constantFrom(elsewhere, `//${new URL(elsewhere).host}`, '../..', '\0', '%', '%ff', '.'.repeat(5_000))
      .map(encodeURI),
    fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const ours = new Set([0, 1, 2].map(token));
  const redirects = new Set([301, 302, 303, 307, 308]);

  test('a changed token never redirects; an unchanged one leads to its target, whatever else is asked', async () => {
    const query = fc.constantFrom('', `?url=${elsewhere}`, `?redirect=${encodeURIComponent(elsewhere)}`, '?lang=zh');
    await fc.assert(
      fc.asyncProperty(mutated, query, async (given, asked) => {
        const { status, location } = await ask('GET', `${config.TRACKING_CLICK_PATH}/${given}${asked}`);
        assert.equal(redirects.has(status), ours.has(given), given);
        assert.equal(location, ours.has(given) ? target : undefined);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a changed token unsubscribes nobody', async () => {
    const good = signToken(secret.tracking, 'u', trackingId);
    const before = await eventCount();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 1 }), urlSafe, async (position, character) => {
        fc.pre(good[position] !== character);
        const changed = good.slice(0, position) + character + good.slice(position + 1);
        const { status } = await ask(
          'POST',
          `${config.TRACKING_UNSUBSCRIBE_PATH}/${changed}`,
          'List-Unsubscribe=One-Click',
        );
        assert.equal(status, 404);
      }),
      { numRuns: 200 },
    );
    assert.equal(await one(pool, 'select count(*)::integer from app_public.suppressions'), 0);
    assert.equal(await one(pool, "select count(*)::integer from app_public.event_logs where path ~ 'unsubscribe'"), 0);
    assert.ok((await eventCount()) >= before);
  });

  /** Not fetch: it would put the path in order first. */
  function ask(method: string, path: string, body?: string): Promise<{ status: number; location: string | undefined }> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const asking = request({ hostname, port, method, path }, (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location }));
      });
      asking.on('error', reject);
      asking.end(body);
    });
  }
});
