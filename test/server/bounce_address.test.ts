// Promise: an SMTP service is given a mailbox for its bounces when it is created, and what could not be one is refused by name.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { aService, createEmailService } from './operations.ts';
import { startTestServer, textAt } from './support.ts';

const smtp = { ...aService, provider: 'smtp', baseUrl: 'smtp://127.0.0.1:2525', credentials: {} };

suite('the mailbox for bounces', async () => {
  const { graphql, data } = await startTestServer();

  test('is kept and shown', async () => {
    const bounceAddress = 'Bounces+eu@mail.example.com';
    const creation = await data(createEmailService, { input: { ...smtp, bounceAddress } });
    const id = textAt(creation, 'createEmailService.emailService.id');
    const shown = await data('query ($id: UUID!) { emailService(id: $id) { bounceAddress } }', { id });
    assert.equal(textAt(shown, 'emailService.bounceAddress'), bounceAddress);
  });

  for (const [why, input] of Object.entries({
    'no address': { ...smtp, bounceAddress: 'nobody' },
    'a line break': { ...smtp, bounceAddress: 'b@example.com\r\nDATA' },
    'no room for the token': { ...smtp, bounceAddress: `${'b'.repeat(28)}@example.com` },
    'a provider that receives bounces itself': { ...aService, bounceAddress: 'bounces@example.com' },
  })) {
    test(`is refused: ${why}`, async () => {
      const { errors } = await graphql(createEmailService, { input: { ...input, name: why } });
      assert.equal(errors?.[0]?.extensions?.['field'], 'bounceAddress');
      assert.equal(errors?.[0]?.extensions?.['code'], 'BADIN');
    });
  }
});
