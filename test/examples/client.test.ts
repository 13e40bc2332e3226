// Promise: the example client signs in, sends a campaign, prints its progress, and ends when it is over.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { follow } from '../../examples/client/campaign.ts';
import { ApiError, Client } from '../../examples/client/client.ts';
import { graphql } from '../../examples/client/graphql.ts';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { startInstallation } from './installation.ts';

const execute = promisify(execFile);
/** As long as one lives, and a second. */
const accessTokenMs = 15 * 60_000 + 1_000;
const createService = graphql(`
  mutation CreateService($baseUrl: String!) {
    createEmailService(
      input: {
        name: "north"
        provider: "engagelab"
        domain: "north.example.com"
        baseUrl: $baseUrl
        intervalMs: 200
        credentials: { apiUser: "simulator", apiKey: "simulator" }
      }
    ) {
      webhookPath
    }
  }
`);
const whoAmI = graphql('query WhoAmI { me { email } }');
const openAlerts = graphql('subscription OpenAlerts { alerts { openCount } }');
const program = join(projectDir, 'examples/client/main.ts');

suite('the example client', async () => {
  const realNow = Date.now;
  let ahead = 0;
  const { url, simulator, admin } = await startInstallation({ now: () => realNow() + ahead });

  /** For the server and for clients in this process. */
  function forward(t: TestContext, ms: number): void {
    ahead += ms;
    t.mock.timers.enable({ apis: ['Date'], now: realNow() + ahead });
  }

  test('follows a campaign to its end', async () => {
    const root = new Client(url);
    await root.signIn(admin.email, admin.password);
    await root.request(createService, { baseUrl: simulator.url });
    const addresses = ['one@example.com', 'two@example.com', 'three@example.com'];
    const { stdout } = await execute(process.execPath, [program, url, admin.email, admin.password, ...addresses], {
      env: childEnvironment({}),
    });
    assert.equal(stdout.trimEnd().split('\n').at(-1), 'completed: 3 mails, 3 sent');
    const mailed = [...simulator.record.entries()].map(({ recipient }) => recipient);
    assert.deepEqual(mailed.sort(), addresses.sort());
  });

  test('tells what the server refused, by code and field', async () => {
    const client = new Client(url);
    await assert.rejects(
      client.signIn(admin.email, 'wrong'),
      (error) => error instanceof ApiError && error.code === 'AUTHN',
    );
    await client.signIn(admin.email, admin.password);
    await assert.rejects(client.request(createService, { baseUrl: 'nowhere' }), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.code, error.field], ['BADIN', 'baseUrl']);
      return true;
    });
  });

  test('a session that grows old is refreshed once, whoever asks', async (t) => {
    const client = new Client(url);
    await client.signIn(admin.email, admin.password);
    forward(t, accessTokenMs);
    const answers = await Promise.all([client.request(whoAmI, {}), client.request(whoAmI, {})]);
    assert.deepEqual(
      answers.map(({ me }) => me?.email),
      [admin.email, admin.email],
    );
    assert.equal((await client.request(whoAmI, {})).me?.email, admin.email, 'the session goes on');
  });

  test('a subscription outlives its access token', async (t) => {
    const client = new Client(url);
    await client.signIn(admin.email, admin.password);
    const messages = client.subscribe(openAlerts, {});
    const first = await messages.next();
    forward(t, accessTokenMs);
    assert.deepEqual(await messages.next(), first, 'told anew over the next connection: nothing changed');
    await messages.return(undefined);
  });

  test('subscriptions end with the error that ended them', async () => {
    const client = new Client(url);
    await client.signIn(admin.email, admin.password);
    const taskId = '00000000-0000-0000-0000-000000000000';
    await assert.rejects(follow(client, taskId).next(), (error) => error instanceof ApiError && error.code === 'NTFND');
  });
});
