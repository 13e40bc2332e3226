// Promise: what is recorded came from whoever knows a service's secret path and, where it has signing secrets, holds one of them; what fails is
// refused and kept for a while, and no secret is ever shown twice.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { pruneWebhookRefusals } from '../../src/database/webhooks/prune_webhook_refusals.ts';
import { recordWebhookRefusals } from '../../src/database/webhooks/record_webhook_refusals.ts';
import { addWebhookSource, postedSources } from '../../src/providers/webhook_sources.ts';
import { subscription } from '../providers/sns_support.ts';
import { withTransaction } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aService, clockForward, one } from '../support/scene.ts';
import { confirmation, signature, signatureHeader, signedSource } from './signed_source.ts';
import { startTestServer, textAt } from './support.ts';
import { aServiceWithPath } from './webhooks_support.ts';

const signed = signedSource.name;
const refusedAnswer = { code: 2002, message: 'the secret in the path or the signature is not right' };

interface Kept {
  source: string;
  email_service_id: string | null;
  reason: string;
  headers: Record<string, string>;
  body_sha256: Buffer;
  body_size: number;
  body_head: Buffer;
}

suite('webhook secrets', async () => {
  const fetched: string[] = [];
  const worldAway: typeof fetch = async (input) => {
    fetched.push(String(input));
    throw new Error('the world is away');
  };
  const started = await startTestServer({}, { fetch: worldAway });
  const { server, pool, data, graphql, logged } = started;

  const aPlace = () => aServiceWithPath(started);
  const at = (address: string, source: string) => address.replace('/engagelab/', `/${source}/`);
  const post = (address: string, body: string, headers: Record<string, string> = {}) =>
    fetch(address, { method: 'POST', body, headers });
  const status = async (...given: Parameters<typeof post>) => (await post(...given)).status;
  const recorded = (body: string) =>
    one<number>(pool, 'select count(*)::integer from app_public.event_logs where body = $1', [Buffer.from(body)]);
  /** The refusal of this body, once it is kept. */
  const refusalOf = async (body: string): Promise<Kept> => {
    const ask = async () => {
      const { rows } = await pool.query<Kept>('select * from app_hidden.webhook_refusals where body_sha256 = $1', [
        createHash('sha256').update(body).digest(),
      ]);
      return rows[0] ?? null;
    };
    const kept = await eventually(ask, (row) => row !== null);
    assert.ok(kept !== null);
    return kept;
  };
  const mutate = (mutation: string, input: object) =>
    data(
      `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) {
      ${mutation}(input: $input) { emailService { id } ${/^(create|rotate)/.test(mutation) ? 'path' : ''} } }`,
      { input },
    );
  const pathOf = async (mutation: string, input: object) =>
    server.url + textAt(await mutate(mutation, input), `${mutation}.path`);
  const sign = (id: string, secret: string, expiresAt?: string) =>
    mutate('addWebhookSigningSecret', { emailServiceId: id, source: signed, secret, expiresAt });

  test('an unknown secret is refused, counted, and kept as hash, harmless headers and first kilobyte', async () => {
    const body = `{"event":"open","unknown":"${'x'.repeat(3_000)}"}`;
    const address = `${server.url}/api/webhooks/engagelab/a-secret-of-nobody`;
    const response = await post(address, body, {
      authorization: 'Basic c2VjcmV0OnRleHQ=',
      cookie: 'a=secret-text',
      'x-api-key': 'secret-text',
      'x-our-password': 'secret-text',
      'x-postmark-server-token': 'secret-text',
      'x-forwarded-uri': '/api/webhooks/engagelab/a-secret-of-nobody',
      'x-webhook-signature': 'abc',
    });
    assert.equal(response.status, 401);
    assert.deepEqual(await response.json(), refusedAnswer);
    const kept = await refusalOf(body);
    assert.partialDeepStrictEqual(kept, {
      source: 'engagelab',
      email_service_id: null,
      reason: 'the secret of the path is not known',
      body_size: body.length,
      body_head: Buffer.from(body.slice(0, 1024)),
    });
    assert.equal(kept.headers['x-webhook-signature'], 'abc');
    assert.doesNotMatch(JSON.stringify(kept.headers), /secret|c2VjcmV0/);
    assert.equal(await recorded(body), 0);
    const counted = await one<number>(
      pool,
      `select sum(refused)::integer from app_public.webhook_refusal_counts where source = 'engagelab'`,
    );
    assert.ok(counted >= 1);
  });

  test('a path without a secret is closed unless it is opened, and says what to do', async () => {
    const body = '{"event":"open","message_id":"unsigned"}';
    const response = await post(`${server.url}/api/webhooks/mail-event`, body);
    assert.equal(response.status, 401);
    assert.match(await response.text(), /WEBHOOK_ALLOW_UNSIGNED .*postilion webhook/);
    assert.partialDeepStrictEqual(await refusalOf(body), { source: 'mail-event', reason: 'the path holds no secret' });
    const opened = await startTestServer({ WEBHOOK_ALLOW_UNSIGNED: 'on' });
    assert.equal(await status(`${opened.server.url}/api/webhooks/mail-event`, body), 200);
    const { rows } = await opened.pool.query('select provider, path, email_service_id from app_public.event_logs');
    assert.deepEqual(rows, [{ provider: 'engagelab', path: '/api/webhooks/mail-event', email_service_id: null }]);
  });

  test('a secret that is rotated stays right as long as was said, a new one is right at once', async () => {
    const { id, address } = await aPlace();
    assert.equal(await status(address, '{"event":"first"}'), 200);
    const second = await pathOf('rotateWebhookSecret', { emailServiceId: id, keepOldForSeconds: 3600 });
    assert.notEqual(second, address);
    assert.deepEqual([await status(second, '{"event":"a"}'), await status(address, '{"event":"b"}')], [200, 200]);
    const third = await pathOf('rotateWebhookSecret', { emailServiceId: id, keepOldForSeconds: 0 });
    assert.equal(await status(third, '{"event":"c"}'), 200);
    for (const old of [address, second])
      await eventually(
        () => status(old, '{"event":"late"}'),
        (code) => code === 401,
      );
    assert.equal(await status(third, '{"event":"d"}'), 200);
  });

  test('a secret that is revoked stops, and rotation does not bring it back', async () => {
    const { id, address } = await aPlace();
    const other = await pathOf('createWebhookSecret', { emailServiceId: id, source: signed });
    assert.match(other, new RegExp(`/api/webhooks/${signed}/[\\w-]{32}$`));
    assert.deepEqual([await status(address, '{"event":"a"}'), await status(other, '{"event":"b"}')], [200, 200]);
    await mutate('expireWebhookSecrets', { emailServiceId: id });
    const isRefused = (code: number) => code === 401;
    await eventually(() => status(address, '{"event":"revoked"}'), isRefused);
    await pathOf('rotateWebhookSecret', { emailServiceId: id, keepOldForSeconds: 3600 });
    await eventually(() => status(other, '{"event":"revoked too"}'), isRefused);
    assert.equal(await status(address, '{"event":"revoked still"}'), 401);
  });

  test('where a service has signing secrets, one of them must have signed the very bytes', async () => {
    const { id, address: plain } = await aPlace();
    const address = await pathOf('createWebhookSecret', { emailServiceId: id, source: signed });
    assert.equal(await status(address, '{"event":"before there was one"}'), 200);
    await sign(id, 'the first key');
    await sign(id, 'the second key');
    const body = '{"event":"open","message_id":"signed"}';
    await eventually(
      () => status(address, '{"event":"unsigned"}'),
      (code) => code === 401,
    );
    for (const key of ['the first key', 'the second key'])
      assert.equal(await status(address, body, signature(key, body)), 200);
    assert.equal(await recorded(body), 2);
    const changed = body.replace('signed', 'Signed');
    assert.equal(await status(address, changed, signature('the first key', body)), 401);
    assert.equal(await recorded(changed), 0);
    assert.equal(await status(plain, body), 401, 'the name of another source is no way round it');
    assert.partialDeepStrictEqual(await refusalOf(changed), {
      source: signed,
      email_service_id: id,
      reason: 'the signature is wrong',
      headers: signature('the first key', body),
    });
  });

  test('a signing secret that has expired is wrong, and does not open the path to unsigned events', async () => {
    const { id } = await aPlace();
    const address = await pathOf('createWebhookSecret', { emailServiceId: id, source: signed });
    const body = '{"event":"open","message_id":"expired"}';
    await sign(id, 'the first key');
    await sign(id, 'the second key');
    const first = () => status(address, body, signature('the first key', body));
    assert.equal(await first(), 200);
    await mutate('expireWebhookSecrets', { emailServiceId: id, source: signed });
    await eventually(first, (code) => code === 401);
    assert.equal(await status(address, body), 401);
    assert.equal((await refusalOf(body)).reason, 'all signing secrets have expired');
    await mutate('removeWebhookSigningSecrets', { emailServiceId: id, source: signed });
    await eventually(
      () => status(address, body),
      (code) => code === 200,
    );
  });

  test('no mutation of a signature is accepted', async () => {
    const { id, address: plain } = await aPlace();
    await sign(id, 'the only key');
    const address = at(plain, signed);
    const body = '{"event":"open","message_id":"mutated"}';
    const right = signature('the only key', body)[signatureHeader] ?? '';
    const wrong = [
      '',
      right.slice(1),
      `${right}00`,
      right.replace(/./, (c) => (c === '0' ? '1' : '0')),
      'g'.repeat(64),
    ];
    for (const each of wrong) assert.equal(await status(address, body, { [signatureHeader]: each }), 401, each);
    assert.equal(await recorded(body), 0);
  });

  test('a service that has a signing secret takes no source that it has none of, whichever posts', async () => {
    const names = postedSources().map(({ name }) => name);
    for (const { name: signing, signingSecret } of postedSources()) {
      if (signingSecret === null) continue;
      const { id, address } = await aPlace();
      await mutate('addWebhookSigningSecret', { emailServiceId: id, source: signing, secret: 'a signing secret' });
      const chosen = await pathOf('createWebhookSecret', { emailServiceId: id, source: 'postmark' });
      for (const name of names)
        for (const path of [address, chosen.replace('/postmark/', '/engagelab/')]) {
          const body = `{"event":"open","posted by":"${name}","signed by":"${signing}"}`;
          assert.equal(await status(at(path, name), body), 401, `${name} where ${signing} signs`);
          assert.equal(await recorded(body), 0);
        }
    }
  });

  test("a path is its provider's and that of the source it was made for, and of no other", async () => {
    const { id, address } = await aPlace();
    const chosen = await pathOf('createWebhookSecret', { emailServiceId: id, source: 'postmark' });
    const engagelab = chosen.replace('/postmark/', '/engagelab/');
    for (const { name } of postedSources()) {
      const body = `{"event":"open","by":"${name}"}`;
      const expected = [name === 'engagelab' ? 200 : 401, ['engagelab', 'postmark'].includes(name) ? 200 : 401];
      assert.deepEqual(
        [await status(at(address, name), body), await status(at(engagelab, name), body)],
        expected,
        name,
      );
    }
    const rotated = await pathOf('rotateWebhookSecret', { emailServiceId: id, source: 'sparkpost' });
    assert.equal(await status(rotated, '{"event":"rotated"}'), 200);
  });

  test('of Amazon SES nothing is taken and no subscription confirmed until a topic is set, and then of that one', async () => {
    const { id } = await aPlace();
    const address = await pathOf('createWebhookSecret', { emailServiceId: id, source: 'ses' });
    const body = JSON.stringify({ ...subscription, TopicArn: 'arn:aws:sns:us-west-2:123456789012:other' });
    const before = fetched.length;
    const response = await post(address, body);
    assert.equal(response.status, 401);
    assert.match(await response.text(), /set the TopicArn of \\"ses\\"/);
    assert.match((await refusalOf(body)).reason, /^set the TopicArn/);
    await mutate('addWebhookSigningSecret', { emailServiceId: id, source: 'ses', secret: subscription.TopicArn });
    await eventually(
      async () => (await post(address, body)).text(),
      (text) => !text.includes('set the TopicArn'),
    );
    assert.equal(await status(address, body), 401);
    assert.deepEqual([await recorded(body), fetched.length], [0, before]);
  });

  test('how many were refused can be read by hour', async () => {
    const list = `{ webhookRefusalCounts(orderBy: HOUR_DESC) { nodes { source hour refused kept } } }`;
    await status(`${server.url}/api/webhooks/sparkpost/a-secret-of-nobody`, '{"event":"to be counted"}');
    await eventually(
      async () => JSON.stringify(await data(list)),
      (text) => /"source":"sparkpost","hour":"[^"]+","refused":"\d+","kept":\d+/.test(text),
    );
    const { errors } = await graphql('{ webhookRefusalCounts(first: 1001) { nodes { source } } }');
    assert.match(errors?.[0]?.message ?? '', /^first: /);
  });

  test('a source that only we write refuses whoever posts for it', async () => {
    const { id } = await aPlace();
    addWebhookSource({
      ...signedSource,
      name: 'ours-by-test',
      signingSecret: null,
      verify: () => 'only we write this',
    });
    const address = await pathOf('createWebhookSecret', { emailServiceId: id, source: 'ours-by-test' });
    const body = '{"event":"open","message_id":"ours"}';
    assert.equal(await status(address, body), 401);
    assert.equal((await refusalOf(body)).reason, 'only we write this');
  });

  test('what keeps a source from finding out is our fault: come again', async () => {
    const { id, address: plain } = await aPlace();
    await sign(id, 'the only key');
    const response = await post(at(plain, signed), 'certificate away');
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '5']);
  });

  test('what a source asks for is done after the answer; its failure is logged and changes nothing', async () => {
    const { id } = await aPlace();
    const address = await pathOf('createWebhookSecret', { emailServiceId: id, source: signed });
    const body = `${confirmation}https://sns.example/confirm`;
    assert.equal(await status(address, body), 200);
    await eventually(
      async () => logged(),
      (lines) => lines.includes('the world is away'),
    );
    assert.deepEqual(fetched, ['https://sns.example/confirm']);
    assert.equal(await recorded(body), 1);
  });

  test('a secret is told once: nothing of it is in the database, the log or the schema', async () => {
    const { id, secret } = await aPlace();
    await sign(id, 'a-signing-key-never-to-be-seen');
    const { rows } = await pool.query(
      'select w::text as row from app_private.webhook_secrets w where email_service_id = $1',
      [id],
    );
    assert.equal(rows.length, 2);
    const texts = JSON.stringify(rows) + logged();
    for (const known of [
      secret,
      Buffer.from(secret).toString('hex'),
      'never-to-be-seen',
      Buffer.from('never-to-be-seen').toString('hex'),
    ])
      assert.equal(texts.includes(known), false);
  });

  test('input that makes no sense is refused with the name of its field, and no secret is repeated', async () => {
    const { id } = await aPlace();
    const refusal = async (mutation: string, input: object) => {
      const { errors } = await graphql(
        `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) {
        ${mutation}(input: $input) { emailService { id } } }`,
        { input: { emailServiceId: id, ...input } },
      );
      assert.doesNotMatch(JSON.stringify(errors), /tiny/);
      return errors?.[0]?.extensions?.field;
    };
    const nobody = '00000000-0000-4000-8000-000000000000';
    const secret = 'long enough';
    assert.equal(await refusal('createWebhookSecret', { source: 'pigeon' }), 'source');
    assert.equal(await refusal('createWebhookSecret', { emailServiceId: nobody }), 'emailServiceId');
    assert.equal(await refusal('rotateWebhookSecret', { keepOldForSeconds: -1 }), 'keepOldForSeconds');
    assert.equal(await refusal('expireWebhookSecrets', { emailServiceId: nobody }), 'emailServiceId');
    assert.equal(await refusal('addWebhookSigningSecret', { source: 'tracking', secret }), 'source');
    assert.equal(await refusal('addWebhookSigningSecret', { source: signed, secret: 'tiny' }), 'secret');
    assert.equal(
      await refusal('addWebhookSigningSecret', { source: signed, secret, expiresAt: '2001-01-01T00:00:00Z' }),
      'expiresAt',
    );
  });

  test('of a source, 500 refusals an hour are kept, all are counted, and a week later they are gone', () =>
    withTransaction(pool, async (db) => {
      const refusals = (source: string, count: number) =>
        Array.from({ length: count }, () => ({
          source,
          serviceId: null,
          reason: 'a flood',
          headers: {},
          bodySha256: Buffer.alloc(32),
          bodySize: 0,
          bodyHead: Buffer.alloc(0),
        }));
      const record = (counts: [string, number][], kept: ReturnType<typeof refusals>) =>
        recordWebhookRefusals(db, new Map(counts), kept);
      const kept = (source: string) =>
        one(db, 'select count(*)::integer from app_hidden.webhook_refusals where source = $1', [source]);
      await record(
        [
          ['flood', 9_000],
          ['drop', 1],
        ],
        [...refusals('flood', 400), ...refusals('drop', 1)],
      );
      await record([['flood', 200]], refusals('flood', 200));
      assert.deepEqual([await kept('flood'), await kept('drop')], [500, 1]);
      const { rows } = await db.query(`select source, refused::integer, kept from app_public.webhook_refusal_counts
                                        where source in ('flood', 'drop') order by source`);
      assert.deepEqual(rows, [
        { source: 'drop', refused: 1, kept: 1 },
        { source: 'flood', refused: 9_200, kept: 500 },
      ]);
      await clockForward(db, '2 hours');
      await record([['flood', 1]], refusals('flood', 1));
      assert.equal(await kept('flood'), 501);
      await clockForward(db, '6 days 23 hours');
      await pruneWebhookRefusals(db, 7, 100_000);
      assert.deepEqual([await kept('flood'), await kept('drop')], [1, 0]);
    }));

  test('a service that is deleted takes its secrets along', () =>
    withTransaction(pool, async (db) => {
      const id = await aService(db);
      await db.query(`select app_private.create_webhook_secret(gen_random_uuid(), $1, sha256('x'), null)`, [id]);
      await db.query('delete from app_public.email_services where id = $1', [id]);
      assert.equal(
        await one(db, 'select count(*)::integer from app_private.webhook_secrets where email_service_id = $1', [id]),
        0,
      );
    }));
});
