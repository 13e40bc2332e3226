// Promise: whatever stands in the parameters and headers of a file's request is taken or refused in words, and breaks nothing.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test } from 'node:test';
import { startTestServer } from '../server/support.ts';
import { aWorkspace } from '../support/scene.ts';
import { hostileStrings } from './hostile_values.ts';
import { nothingStays } from './hostile_world.ts';

const strings = hostileStrings(150);
const file = 'email,name\none@example.com,One\n';

suite('hostile requests for files', async () => {
  nothingStays();
  const server = await startTestServer();
  const workspace = await aWorkspace(server.pool);
  const authorization = await server.authorization();

  interface Sent {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  }

  /** Node's own client, which lets through what fetch would mend. */
  function send({ method, path, headers = {}, body }: Sent): Promise<{ status: number; text: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
    const all = { authorization, 'content-type': 'text/csv', ...headers };
    const asked = request(`${server.server.url}${path}`, { method, headers: all, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
    return promise;
  }

  async function tried(sent: Sent): Promise<void> {
    const { status, text } = await send(sent);
    assert.ok(status < 500, `${status} ${text.slice(0, 300)} to ${JSON.stringify(sent).slice(0, 300)}`);
    // Node's own refusals of a head too long, or not to be parsed, have no body.
    if (status >= 400 && text !== '')
      assert.match(text, /"code":"(BADIN|AUTHN|NTFND)"/, JSON.stringify(sent).slice(0, 300));
  }

  for (const what of ['contacts', 'suppressions']) {
    for (const name of ['workspace', 'map', 'tags', 'delimiter', 'strict', 'tag', '__proto__']) {
      test(`${name} of ${what}`, async () => {
        for (const value of strings.filter(({ length }) => length < 1_000)) {
          const query = `${name}=${encodeURIComponent(value.toWellFormed())}`;
          const rest = name === 'workspace' ? '' : `&workspace=${workspace}`;
          await tried({ method: 'POST', path: `/api/${what}/import?${query}${rest}`, body: file });
          await tried({ method: 'GET', path: `/api/${what}/export?${query}${rest}` });
        }
      });
    }
  }

  test('bytes in the query that are no UTF-8, and ends of it that are missing', async () => {
    for (const query of ['tag=%00', 'tag=%ff', 'tag=%', 'tag=%u0000', 'tag=%ed%a0%80', '&&==&', 'tag&tag=&tag=a'])
      await tried({ method: 'GET', path: `/api/contacts/export?workspace=${workspace}&${query}` });
  });

  test('headers', async () => {
    const sendable = strings.filter((value) => /^[\t\x20-\x7e\x80-\xff]{0,4000}$/.test(value));
    for (const name of [
      'content-encoding',
      'content-type',
      'authorization',
      'x-forwarded-for',
      'origin',
      'accept',
      'range',
    ]) {
      for (const value of sendable) {
        await tried({
          method: 'POST',
          path: `/api/contacts/import?workspace=${workspace}`,
          headers: { [name]: value },
          body: file,
        });
      }
    }
  });

  test('and the server still answers', async () => {
    const { status } = await send({ method: 'GET', path: `/api/contacts/export?workspace=${workspace}` });
    assert.equal(status, 200);
  });
});
