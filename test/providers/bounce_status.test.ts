// Promise: only a status that speaks of the address for good makes a hard bounce.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesIn, judgeCodes, judgeStatus } from '../../src/providers/bounce_status.ts';

test('six codes are hard', () => {
  for (const code of ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']) {
    assert.equal(judgeStatus(code), 'hard_bounce', code);
  }
});

test('a full mailbox, policy, content, the network and all that may pass are not', () => {
  for (const code of [
    '5.2.2',
    '4.2.2',
    '5.7.1',
    '5.7.26',
    '5.3.4',
    '5.4.4',
    '5.6.0',
    '5.1.0',
    '5.1.7',
    '5.1.8',
    '4.1.1',
    '5.1.11',
  ]) {
    assert.equal(judgeStatus(code), 'soft_bounce', code);
  }
});

test('a code is found in what a server said', () => {
  assert.equal(judgeStatus('smtp;550 5.1.1 The email account does not exist.'), 'hard_bounce');
  assert.equal(judgeStatus('550-5.1.1 first line\n550 5.7.1 second'), 'hard_bounce');
  assert.equal(judgeStatus('Invalid recipient <a@example.com> (#5.1.1)'), 'hard_bounce');
});

test('"other or undefined" gives way to a code that says more', () => {
  assert.equal(judgeStatus('5.0.0', '550 5.1.1 no such user'), 'hard_bounce');
  assert.equal(judgeStatus('5.0.0'), null);
});

test('codes that do not agree are soft: of each text the first, of codes gathered all', () => {
  assert.equal(judgeStatus('5.1.1', '550 5.7.1 blocked'), 'soft_bounce');
  assert.equal(judgeStatus('5.1.1', '550 5.1.1 see 5.7.1'), 'hard_bounce');
  assert.equal(judgeCodes(codesIn('550 5.1.1 see 5.7.1')), 'soft_bounce');
  assert.equal(judgeCodes(codesIn('550 5.1.1, once 2.0.0, or 5.0.0')), 'hard_bounce');
  assert.equal(judgeCodes([]), null);
});

test('codes are found in their order, and nothing that is part of a longer number', () => {
  assert.deepEqual(codesIn('2.1.5 then 4.2.2, 5.1.10.'), ['2.1.5', '4.2.2', '5.1.10']);
  assert.deepEqual(codesIn('10.5.1.1 5.1.1.9 15.1.1 5.1.1000 3.1.1'), []);
});

test('where there is no code nothing is judged', () => {
  for (const text of [
    null,
    '',
    '550 no such user',
    '2.0.0',
    '250 2.1.5 taken',
    'from 10.5.1.1',
    'version 5.1.1.2',
    'at 15.1.1',
  ]) {
    assert.equal(judgeStatus(text), null, String(text));
  }
  assert.equal(judgeStatus(), null);
});
