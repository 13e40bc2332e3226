// Promise: a provider's keys go in sealed and never come out: not in the schema, not in an answer, not in the log, not in the database.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { buildSchema, isObjectType } from 'graphql';
import { unseal } from '../../src/database/sealed.ts';
import { printedSchema } from '../../src/server/graphql/printed_schema.ts';
import { one } from '../support/scene.ts';
import { aService, createEmailService } from './operations.ts';
import { secret, startTestServer, textAt } from './support.ts';

suite('secrets', async () => {
  const { graphql, data, pool, url, logged, server } = await startTestServer({ WEBHOOK_ALLOW_UNSIGNED: 'true' });
  const refusal = async (input: object) => {
    const { errors } = await graphql(createEmailService, { input: { ...aService, name: 'refused', ...input } });
    return { message: errors?.[0]?.message, ...errors?.[0]?.extensions };
  };

  test('the keys are sealed for the id of their service', async () => {
    const id = textAt(await data(createEmailService, { input: aService }), 'createEmailService.emailService.id');
    const sealed = await one<Buffer>(
      pool,
      'select sealed from app_private.email_service_credentials where email_service_id = $1',
      [id],
    );
    assert.equal(sealed.includes(aService.credentials.apiKey), false);
    assert.deepEqual(unseal([secret.encryption], id, sealed), aService.credentials);
  });

  test('missing keys are named', async () => {
    assert.deepEqual(await refusal({ credentials: { apiUser: 'user' } }), {
      message: 'credentials: missing apiKey',
      code: 'BADIN',
      field: 'credentials',
    });
    assert.equal((await refusal({ provider: 'pigeon' })).field, 'provider');
    assert.equal((await refusal({ baseUrl: 'ftp://example.com' })).field, 'baseUrl');
    assert.equal((await refusal({ timezone: 'Mars/Olympus' })).field, 'timezone');
  });

  test('what was given for keys is not repeated', async () => {
    for (const credentials of ['a-very-secret-text', ['a-very-secret-text'], { apiKey: ['a-very-secret-text'] }]) {
      const refused = await refusal({ credentials });
      assert.equal(refused.code, 'BADIN');
      assert.doesNotMatch(JSON.stringify(refused), /secret-text/);
    }
  });

  test('the log does not know them', () => {
    assert.doesNotMatch(logged(), /never-to-be-seen|secret-text/);
  });

  test('the schema has no field for what is kept from postilion_admin', async () => {
    const types = Object.values(buildSchema(await printedSchema(url)).getTypeMap()).filter(isObjectType);
    // Headers of a mail that is not sent; the hash by which a plan is named; a new secret, shown this once to the admin who asked for it.
    const others = ['MailPreview', 'RepairPlan', 'CreateAlertWebhookPayload'];
    const kinds = types.filter(({ name }) => !others.includes(name));
    const shown = new Set(kinds.flatMap((type) => Object.keys(type.getFields())));
    for (const kept of [
      'credentials',
      'sealed',
      'hash',
      'secret',
      'signingSecret',
      'loopToken',
      'claimToken',
      'frozenUntil',
      'headers',
      'body',
    ]) {
      assert.equal(shown.has(kept), false, kept);
    }
    assert.ok(shown.has('thawsAt'));
  });

  test('headers of a webhook are kept without cookie and authorization', async () => {
    await fetch(`${server.url}/api/webhooks/mail-event`, {
      method: 'POST',
      headers: { cookie: 'session=1', authorization: 'Basic eDp5', 'X-WebHook-Signature': 'abc' },
      body: '{"event":"open"}',
    });
    const headers = await one<object>(pool, 'select headers from app_public.event_logs');
    assert.equal(Object.hasOwn(headers, 'cookie') || Object.hasOwn(headers, 'authorization'), false);
    assert.equal(Object.entries(headers).find(([name]) => name === 'x-webhook-signature')?.[1], 'abc');
  });
});
