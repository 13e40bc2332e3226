// Promise: the edges of the window are exact, comparisons accept equal values only, and every secret is tried.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  headerOf,
  isAmong,
  isSame,
  isWithinWindow,
  passesAny,
  signedSeconds,
  signedTime,
} from '../../src/providers/webhook_signature.ts';

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

test('a signed time is seconds, or milliseconds where the unit is not known, and nothing else', () => {
  assert.equal(signedSeconds('1700000000'), 1_700_000_000_000);
  assert.equal(signedSeconds('1700000000123'), null);
  assert.equal(signedTime('1700000000'), 1_700_000_000_000);
  assert.equal(signedTime('1700000000123'), 1_700_000_000_123);
  for (const nonsense of [
    '',
    ' 1700000000',
    '1700000000\n',
    '+1700000000',
    '-1700000000',
    '1700000000.25',
    '17e8',
    '0x6553f100',
    'NaN',
  ]) {
    assert.equal(signedTime(nonsense), null, JSON.stringify(nonsense));
  }
});

test('values are the same only when every byte is', () => {
  assert.equal(isSame('abc', 'abc'), true);
  for (const other of ['', 'ab', 'abcd', 'abC', 'abc\0']) assert.equal(isSame(other, 'abc'), false, other);
  assert.equal(isAmong(['x', 'abc', ''], 'abc'), true);
  for (const others of [[], ['x', ''], ['ab', 'c']]) assert.equal(isAmong(others, 'abc'), false);
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

test('a header that is empty or came twice is none', () => {
  const request = { headers: { one: 'a', single: ['b'], two: ['c', 'd'], none: [], empty: '' }, body: Buffer.alloc(0) };
  const values = ['one', 'single', 'two', 'none', 'empty', 'missing'].map((name) => headerOf(request, name));
  assert.deepEqual(values, ['a', 'b', null, null, null, null]);
});
