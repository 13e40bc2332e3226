// Promise: POSTILION_SECRET can be changed in a running installation: nothing sealed is lost, no link dies before its secret is taken away.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { z } from 'zod';
import { resealAll } from '../../src/commands/rotate_secret/reseal_all.ts';
import { ConfigError, childEnvironment, loadConfig } from '../../src/config.ts';
import { sealedOtherwise } from '../../src/database/keys/sealed_otherwise.ts';
import { createPool } from '../../src/database/pool.ts';
import { keyIdOf, SealBroken, unseal } from '../../src/database/sealed.ts';
import { loadSecret, type Secret } from '../../src/database/secret.ts';
import { projectDir } from '../../src/database/server.ts';
import { accountTag } from '../../src/database/services/account_tag.ts';
import { addWebhookSigningSecret } from '../../src/database/webhooks/add_webhook_signing_secret.ts';
import { createWebhookSecret } from '../../src/database/webhooks/create_webhook_secret.ts';
import { signToken } from '../../src/rendering/token.ts';
import { startServer } from '../../src/server/app.ts';
import { createEmailService } from '../../src/server/graphql/new_email_service.ts';
import { SenderCache } from '../../src/worker/sender_cache.ts';
import { signature, signedSource } from '../server/signed_source.ts';
import { createTestDatabase } from '../support/database.ts';
import { aQueuedTask, one } from '../support/scene.ts';

const old = 'the secret that everything was sealed with at first';
const present = 'the secret that takes its place from today on';
const credentials = { apiUser: 'one account', apiKey: 'of two services' };
const signing = 'what a provider signs with';
const body = '{"event":"open","message_id":"m"}';

const secretsOf = (now: string, ...former: string[]): Promise<Secret> =>
  loadSecret({ POSTILION_SECRET: now, POSTILION_PREVIOUS_SECRETS: former }, '');

suite('rotation of the secret', async () => {
  const { pool, url, close } = await createTestDatabase();
  after(close);
  const before = await secretsOf(old);
  const between = await secretsOf(present, old);
  const afterwards = await secretsOf(present);

  const services = [await aService('north'), await aService('south')] as const;
  const [serviceId] = services;
  await addWebhookSigningSecret(
    pool,
    { serviceId, source: signedSource.name, secret: signing, expiresAt: null },
    before.encryption,
  );
  const path = `/api/webhooks/${signedSource.name}/${await createWebhookSecret(pool, serviceId, signedSource.name)}`;
  const trackingId = await aTrackedMail();

  async function aService(name: string): Promise<string> {
    const client = await pool.connect();
    try {
      const given = {
        name,
        provider: 'engagelab',
        domain: `${name}.example.com`,
        baseUrl: null,
        trackingBaseUrl: null,
      };
      const terms = { intervalMs: 1_000, maxInFlight: 20, timezone: 'UTC', timeoutMs: 15_000, isShared: true };
      return await createEmailService(
        // The shape PostGraphile gives a connection of its pool.
        { query: (q: { text: string; values?: unknown[] }) => client.query(q.text, q.values) } as never,
        { ...given, ...terms, bounceAddress: null, dailyQuota: null, repeatsAreIdempotent: false, credentials },
        before.encryption,
      );
    } finally {
      client.release();
    }
  }

  async function aTrackedMail(): Promise<string> {
    const { taskId } = await aQueuedTask(pool, { recipients: 1 });
    return one(
      pool,
      `update app_public.sub_task_mails set link_urls = '{https://example.com/}' where task_id = $1 returning tracking_id`,
      [taskId],
    );
  }

  async function serverWith(secret: Secret) {
    const config = loadConfig({ NODE_ENV: 'test' });
    const server = await startServer({ config, url, secret, log: pino({ level: 'silent' }), port: 0 });
    const click = (by: Secret) =>
      fetch(`${server.url}${config.TRACKING_CLICK_PATH}/${signToken(by.tracking, 'c', trackingId)}`, {
        redirect: 'manual',
      }).then(({ status }) => status);
    const post = () =>
      fetch(`${server.url}${path}`, { method: 'POST', body, headers: signature(signing, body) }).then(
        ({ status }) => status,
      );
    return { click, post, [Symbol.asyncDispose]: () => server.close() };
  }

  const opensWith = async (secret: Secret) => {
    const db = createPool({ connectionString: url, role: 'postilion_worker', applicationName: 'test' });
    const senders = new SenderCache(secret);
    try {
      for (const id of services) await senders.open(db, id);
    } finally {
      await senders.close();
      await db.end();
    }
  };
  const left = async (secret: Secret) => (await sealedOtherwise(pool, keyIdOf(secret.encryption), [], 100)).length;
  const tags = async () => {
    const { rows } = await pool.query<{ account_tag: Buffer }>(
      'select account_tag from app_private.email_service_credentials',
    );
    return rows.map(({ account_tag }) => account_tag.toString('hex'));
  };

  test('a server that knows the former secret opens, verifies and signs with both', async () => {
    await opensWith(between);
    await using server = await serverWith(between);
    assert.equal(await server.click(before), 302);
    assert.equal(await server.click(afterwards), 302);
    assert.equal(await server.post(), 200);
  });

  test('without the former secret nothing opens, and the message says what is missing', async () => {
    await assert.rejects(opensWith(afterwards), (error) => {
      assert.ok(error instanceof SealBroken);
      assert.match(error.message, /POSTILION_PREVIOUS_SECRETS/);
      return true;
    });
    const { resealed, closed } = await resealAll(pool, afterwards, () => assert.fail('something was resealed'));
    assert.equal(resealed, 0);
    assert.equal(closed.length, 3);
  });

  test('the command seals everything anew while servers run, says so, and does nothing the second time', async () => {
    await using server = await serverWith(between);
    assert.equal(await left(between), 3);
    const command = async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(projectDir, 'src/cli.ts'), 'rotate-secret', '--json'],
        {
          env: childEnvironment({
            DATABASE_URL: url,
            POSTILION_SECRET: present,
            POSTILION_PREVIOUS_SECRETS: `${old}, ${old.toUpperCase()}`,
          }),
        },
      );
      return z.object({ total: z.int(), resealed: z.int(), closed: z.array(z.string()) }).parse(JSON.parse(stdout));
    };
    assert.deepEqual(await command(), { total: 3, resealed: 3, closed: [] });
    assert.deepEqual(await command(), { total: 0, resealed: 0, closed: [] });
    assert.equal(await left(between), 0);
    assert.equal(await server.post(), 200);
    assert.equal(await server.click(before), 302);
  });

  test('after the former secret was taken away all that is sealed opens, and services know their account', async () => {
    await opensWith(afterwards);
    const tag = accountTag(afterwards.encryption, { provider: 'engagelab', baseUrl: null, credentials });
    assert.deepEqual(new Set(await tags()), new Set([tag.toString('hex')]));
    await using server = await serverWith(afterwards);
    assert.equal(await server.post(), 200);
    assert.equal(await server.click(afterwards), 302);
    assert.equal(await server.click(before), 404);
  });

  test('what was given anew meanwhile is left alone, and a rotation that was cut short goes on', async () => {
    const next = { ...(await secretsOf('the secret of the day after tomorrow, once more', present)) };
    const [first] = await sealedOtherwise(pool, keyIdOf(next.encryption), [], 1);
    assert.ok(first !== undefined);
    await pool.query('update app_private.email_service_credentials set sealed = $2 where email_service_id = $1', [
      first.id,
      Buffer.from('given anew'),
    ]);
    const { resealed, closed } = await resealAll(pool, next, () => {});
    assert.deepEqual({ resealed, closed }, { resealed: 2, closed: [first.id] });
    await pool.query('update app_private.email_service_credentials set sealed = $2 where email_service_id = $1', [
      first.id,
      first.sealed,
    ]);
    assert.equal((await resealAll(pool, next, () => {})).resealed, 1);
    const sealed = await one<Buffer>(
      pool,
      'select sealed from app_private.email_service_credentials where email_service_id = $1',
      [first.id],
    );
    assert.deepEqual(unseal([next.encryption], first.id, sealed), credentials);
  });
});

test('a former secret that is too short is refused by its name, and the present one is no former one', async () => {
  assert.throws(
    () => loadConfig({ POSTILION_PREVIOUS_SECRETS: `${old},short` }),
    (error) => error instanceof ConfigError && error.message.includes('POSTILION_PREVIOUS_SECRETS'),
  );
  assert.deepEqual((await secretsOf(present, present)).former, []);
});
