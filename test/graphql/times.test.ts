// Promise: times come out in one form, to the microsecond, in whatever zone the database writes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime } from '../../src/server/graphql/times.ts';

const printed = {
  '2026-01-31 09:30:00+00': '2026-01-31T09:30:00.000000+00:00',
  '2026-01-31 09:30:00.5-08': '2026-01-31T09:30:00.500000-08:00',
  '2026-01-31 09:30:00.123456+05:45': '2026-01-31T09:30:00.123456+05:45',
  '0001-12-31 10:00:00+00 BC': '0001-12-31T10:00:00.000000+00:00',
  '12026-01-31 09:30:00+00': '12026-01-31T09:30:00.000000+00:00',
  '1850-01-31 09:30:00-07:52:58': '1850-01-31T09:30:00.000000-07:52',
};

for (const [text, expected] of Object.entries(printed))
  test(`${text} is ${expected}`, () => assert.equal(isoTime(text), expected));

test('what is printed otherwise is refused, not guessed', () => {
  for (const text of ['01/31/2026 09:30:00 UTC', 'infinity', '']) assert.throws(() => isoTime(text), RangeError);
});
