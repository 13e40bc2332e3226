// Promise: the edges of the window are exact, comparisons accept equal values only, and every secret is tried.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerOf, isSame, isWithinWindow, passesAny, signedTime } from '../../src/providers/webhook_signature.ts';

const NOW = new Date('2026-01-15T12:00:00.000Z');
const at = (offsetMs: number) => NOW.getTime() + offsetMs;

test('the window is 300 seconds either way, to the millisecond', () => {
  for (const sign of [-1, 1]) {
    assert.equal(isWithinWindow(at(sign * 300_000), NOW), true);
    assert.equal(isWithinWindow(at(sign * 300_001), NOW), false);
  }
  assert.equal(isWithinWindow(null, NOW), false);
  assert.equal(isWithinWindow(Number.NaN, NOW), false);
});

test('a signed time is seconds or milliseconds and nothing else', () => {
  assert.equal(signedTime('1700000000'), 1_700_000_000_000);
  assert.equal(signedTime(1_700_000_000), 1_700_000_000_000);
  assert.equal(signedTime('1700000000.25'), 1_700_000_000_250);
  assert.equal(signedTime('1700000000123'), 1_700_000_000_123);
  for (const nonsense of [
    '',
    ' 1700000000',
    '1700000000\n',
    '+1700000000',
    '-1700000000',
    '17e8',
    '0x6553f100',
    'NaN',
  ]) {
    assert.equal(signedTime(nonsense), null, JSON.stringify(nonsense));
  }
  assert.equal(signedTime(null), null);
  assert.equal(signedTime(Number.POSITIVE_INFINITY), null);
});

test('values are the same only when every byte is', () => {
  assert.equal(isSame('abc', 'abc'), true);
  assert.equal(isSame('abc', Buffer.from('abc')), true);
  for (const other of ['', 'ab', 'abcd', 'abC', 'abc\0']) assert.equal(isSame(other, 'abc'), false, other);
});

test('all secrets are tried, whichever passes, and an empty one is none', () => {
  const tried: string[] = [];
  const passes = (secret: string) => {
    tried.push(secret);
    return secret === 'old';
  };
  assert.equal(passesAny(['old', 'new'], passes), true);
  assert.deepEqual(tried, ['old', 'new']);
  assert.equal(passesAny(['new'], passes), false);
  assert.equal(passesAny([], passes), false);
  assert.equal(
    passesAny([''], () => true),
    false,
  );
});

test('a header that came twice is none', () => {
  const request = { headers: { one: 'a', single: ['b'], two: ['c', 'd'], none: [] }, body: Buffer.alloc(0) };
  const values = ['one', 'single', 'two', 'none', 'missing'].map((name) => headerOf(request, name));
  assert.deepEqual(values, ['a', 'b', null, null, null]);
});
