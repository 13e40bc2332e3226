// Promise: a mailbox's address means one mailbox, guarded by TLS unless it is on this machine, or it is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailboxAddressOf } from '../../src/bounces/mailbox_address.ts';

test('what a URL leaves out has its default', () => {
  assert.deepEqual(mailboxAddressOf('imaps://ada%40example.com:p%40ss%2F@mail.example.com'), {
    host: 'mail.example.com',
    port: 993,
    secure: true,
    opportunistic: false,
    user: 'ada@example.com',
    password: 'p@ss/',
    folder: 'INBOX',
    place: 'imaps://mail.example.com:993/INBOX',
  });
  assert.partialDeepStrictEqual(mailboxAddressOf('imap://ada:x@mail.example.com/Bounces%2FNew'), {
    port: 143,
    secure: false,
    opportunistic: false,
    folder: 'Bounces/New',
  });
});

test('plaintext will do on this machine, or where the address says so', () => {
  for (const url of [
    'imap://a:b@127.0.0.1:1143',
    'imap://a:b@[::1]',
    'imap://a:b@mail.example.com/?tls=opportunistic',
  ]) {
    assert.equal(mailboxAddressOf(url)?.opportunistic, true, url);
  }
});

test('anything else is refused', () => {
  for (const url of [
    '',
    'mail.example.com',
    'http://a:b@mail.example.com',
    'imaps://mail.example.com',
    'imaps://a@mail.example.com',
    'imaps://a:b@mail.example.com/?tls=none',
    'imaps://a:b@mail.example.com/INBOX#x',
    'imaps://a:%E0%A4%A@mail.example.com',
  ]) {
    assert.equal(mailboxAddressOf(url), null, url);
  }
});
