// Promise: a text is cut and wrapped by the columns it takes, and nothing of what is wrapped is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const words = fc.array(
  fc.string({ unit: fc.constantFrom(...'abcXYZ09.,—é東部发信（）🙂'), minLength: 1, maxLength: 30 }),
  { maxLength: 20 },
);

test('wrapped: every line fits, all letters are there, in order', () =>
  fc.assert(
    fc.asyncProperty(words, fc.integer({ min: 2, max: 60 }), async (given, width) => {
      const text = given.join(' ');
      const { rows } = await database.pool.query<{ line: string; width: number }>(
        'select line, app_hidden.text_width(line) as width from app_hidden.wrapped($1, $2) as line',
        [text, width],
      );
      assert.ok(rows.every((row) => row.width <= width));
      assert.equal(
        rows
          .map(({ line }) => line)
          .join('')
          .replaceAll(' ', ''),
        text.replaceAll(' ', ''),
      );
    }),
    { numRuns: 200 },
  ));

test('clipped: one line that fits, a beginning of the text', () =>
  fc.assert(
    fc.asyncProperty(words, fc.integer({ min: 2, max: 60 }), async (given, width) => {
      const text = given.join(' ');
      const clipped = await one<string>(database.pool, 'select app_hidden.clipped($1, $2)', [text, width]);
      assert.ok((await one<number>(database.pool, 'select app_hidden.text_width($1)', [clipped])) <= width);
      assert.ok(clipped === text || text.startsWith(clipped.replace(/…$/, '')));
    }),
    { numRuns: 200 },
  ));

test('nothing stays nothing', async () => {
  assert.equal(await one(database.pool, 'select app_hidden.clipped(null, 10)'), null);
});

for (const [seconds, text] of [
  [0, '0 s'],
  [99, '99 s'],
  [100, '1 min'],
  [5_999, '99 min'],
  [6_000, '1 h 40'],
  [172_799, '47 h 59'],
  [172_800, '2 d'],
] as const)
  test(`${seconds} seconds are ${text}, forwards and backwards`, async () => {
    const both = `select array[app_hidden.span_text(t, t + $1 * interval '1 s'), app_hidden.span_text(t + $1 * interval '1 s', t)] from (values (timestamptz '2030-01-01')) as v (t)`;
    assert.deepEqual(await one(database.pool, both, [seconds]), [text, text]);
  });

test('a time without end is no difference', async () => {
  assert.equal(await one(database.pool, `select app_hidden.span_text(now(), 'infinity')`), 'ever');
  assert.equal(await one(database.pool, `select app_hidden.span_text(null, now())`), '–');
});

for (const [number, text] of [
  [9_999, '9999'],
  [10_000, '10k'],
  [999_999, '999k'],
  [1_000_000, '1.0M'],
  [12_345_678, '12M'],
] as const)
  test(`${number} is ${text}`, async () => {
    assert.equal(await one(database.pool, 'select app_hidden.short_number($1)', [number]), text);
  });
