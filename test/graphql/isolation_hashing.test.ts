// Promise: who has no token makes the server hash no password by making tokens up.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { newToken } from '../../src/server/access/tokens.ts';
import { at, startTestServer } from '../server/support.ts';

const reset = /* GraphQL */ `
  mutation ($token: String!) {
    resetPassword(input: { token: $token, newPassword: "correct horse battery staple" }) { isDone }
  }`;

suite('made-up reset tokens', async () => {
  const { graphql, data } = await startTestServer();
  await data('{ me { id } }');

  // No more than 200 passwords wait to be hashed, two at a time: of twice as many at once some would be turned away. More than 511 connections
  // wait for no server: one of them may be reset before it is heard.
  test('four hundred at once are answered, none with UNAVL', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, () => graphql(reset, { token: newToken('reset').text })),
    );
    const codes = new Set(answers.map((answer) => at(answer, 'errors.0.extensions.code')));
    assert.deepEqual([...codes], ['BADIN']);
  });
});
