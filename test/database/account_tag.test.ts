import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountTag } from '../../src/database/services/account_tag.ts';

const key = Buffer.alloc(32, 1);
const account = { provider: 'engagelab', baseUrl: null, credentials: { apiUser: 'a', apiKey: 'b' } };

test('the same account has the same tag, in whatever order its credentials come', () => {
  const other = { ...account, credentials: { apiKey: 'b', apiUser: 'a' } };
  assert.deepEqual(accountTag(key, other), accountTag(key, account));
});

test('another key, provider, address or credential makes another tag', () => {
  const others = [
    accountTag(Buffer.alloc(32, 2), account),
    accountTag(key, { ...account, provider: 'smtp' }),
    accountTag(key, { ...account, baseUrl: 'https://example.com' }),
    accountTag(key, { ...account, credentials: { apiUser: 'a', apiKey: 'c' } }),
  ];
  for (const other of others) assert.notDeepEqual(other, accountTag(key, account));
});
