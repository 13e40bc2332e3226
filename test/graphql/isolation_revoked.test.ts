// Promise: who is shut out while a file is still on its way gets nothing of it done.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { join } from '../access/scene.ts';
import { aClock, anApiToken, aUser, password } from '../server/access_support.ts';
import { signIn } from '../server/operations.ts';
import { post, startTestServer, textAt } from '../server/support.ts';
import { eventually } from '../support/eventually.ts';
import { aWorkspace, one } from '../support/scene.ts';

suite('shut out during an upload', async () => {
  const clock = aClock();
  const { pool, server } = await startTestServer({}, { now: clock.now });
  const workspaceId = await aWorkspace(pool);
  const userId = await aUser(pool, 'editor@example.com');
  await join(pool, workspaceId, userId, 'editor');

  /** Sends a file of which the second half waits until `meanwhile` is done. */
  async function upload(authorization: string, meanwhile: () => Promise<unknown>): Promise<Response> {
    async function* file() {
      yield Buffer.from('email\none@example.com\n');
      await eventually(() => one<boolean>(pool, isCopying), Boolean);
      await meanwhile();
      yield Buffer.from('two@example.com\n');
    }
    return fetch(`${server.url}/api/contacts/import?workspace=${workspaceId}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'text/csv' },
      body: ReadableStream.from(file()),
      duplex: 'half',
    });
  }

  const contacts = () =>
    one<number>(pool, 'select count(*)::integer from app_public.contacts where workspace_id = $1', [workspaceId]);
  const isCopying = `select exists (select from pg_stat_activity where datname = current_database()
    and application_name = 'postilion bulk' and query ~* '^copy' and state = 'active')`;
  const sessionToken = async () =>
    `Bearer ${textAt(await post(server.url, signIn, { email: 'editor@example.com', password }), 'data.signIn.accessToken')}`;

  test('an API token that is revoked', async () => {
    const { id, authorization } = await anApiToken(pool, userId, { role: 'editor' });
    const answer = await upload(authorization, async () => {
      await pool.query('select app_public.revoke_api_token($1)', [id]);
      clock.advance(2_500);
    });
    assert.deepEqual([answer.status, await contacts()], [401, 0]);
  });

  test('a session that is ended', async () => {
    const answer = await upload(await sessionToken(), () => pool.query('delete from app_private.sessions'));
    assert.deepEqual([answer.status, await contacts()], [401, 0]);
  });

  test('not a session whose access token has run out', async () => {
    const answer = await upload(await sessionToken(), async () => clock.advance(20 * 60_000));
    assert.deepEqual([answer.status, await contacts()], [200, 2]);
  });
});
