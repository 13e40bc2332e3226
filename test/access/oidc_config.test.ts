// Promise: a configuration by which people could not sign in, or would be sent anywhere, is refused at the start, and says which key is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../src/config.ts';

const whole = {
  OIDC_ISSUER: 'https://id.example.com/',
  OIDC_CLIENT_ID: 'postilion',
  OIDC_REDIRECT_URL: 'https://mail.example.com/api/auth/oidc/callback',
  OIDC_RETURN_URLS: 'https://app.example.com, http://127.0.0.1:3000/signed-in',
};

test('what is needed is enough', () => {
  const { OIDC_ISSUER, OIDC_SCOPES, OIDC_RETURN_URLS } = loadConfig(whole);
  assert.equal(OIDC_ISSUER, 'https://id.example.com/', 'as the provider writes it');
  assert.equal(OIDC_SCOPES, 'openid email');
  assert.deepEqual(OIDC_RETURN_URLS, ['https://app.example.com', 'http://127.0.0.1:3000/signed-in']);
  loadConfig({ ...whole, OIDC_ISSUER: 'http://localhost:8080/realms/mail' });
});

for (const key of ['OIDC_CLIENT_ID', 'OIDC_REDIRECT_URL', 'OIDC_RETURN_URLS'])
  test(`${key} is needed with OIDC_ISSUER`, () => {
    assert.throws(() => loadConfig({ ...whole, [key]: '' }), named(key));
  });

const wrong: [key: string, value: string][] = [
  ['OIDC_ISSUER', 'id.example.com'],
  ['OIDC_ISSUER', 'http://id.example.com'],
  ['OIDC_SCOPES', 'email profile'],
  ['OIDC_REDIRECT_URL', 'https://mail.example.com/'],
  ['OIDC_REDIRECT_URL', 'https://mail.example.com/?/api/auth/oidc/callback'],
  ['OIDC_RETURN_URLS', '*'],
  ['OIDC_RETURN_URLS', 'https://*.example.com'],
  ['OIDC_RETURN_URLS', 'app.example.com'],
  ['OIDC_RETURN_URLS', 'https://app.example.com/?a=b'],
  ['OIDC_RETURN_URLS', 'https://app.example.com@evil.example.com'],
  ['OIDC_RETURN_URLS', 'javascript:alert(1)'],
];
for (const [key, value] of wrong)
  test(`${key} can not be ${value}`, () => {
    assert.throws(() => loadConfig({ ...whole, [key]: value }), named(key));
  });

const named = (key: string) => (error: unknown) => error instanceof ConfigError && error.message.includes(`${key}: `);
