// Promise: no gap below the interval and no mail taken twice escapes the analysis, and nothing else is accused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyse } from '../../src/simulator/analysis.ts';
import { draw } from '../../src/simulator/draw.ts';
import type { Entry } from '../../src/simulator/entry.ts';

function entry(seq: number, changes: Partial<Entry> = {}): Entry {
  return {
    seq,
    arrivedAt: seq * 10,
    wallAt: seq * 10,
    answeredAt: seq * 10 + 1,
    account: 'user',
    subTaskId: `sub-${seq}`,
    requestId: `sub-${seq}.0`,
    recipient: `u${seq}@example.org`,
    fromDomain: 'example.com',
    campaign: 'task',
    replyTo: null,
    attachments: [],
    outcome: 'accepted',
    status: 200,
    fault: null,
    fate: 'delivered',
    ...changes,
  };
}

test('gaps are measured within an account, over requests of every outcome', () => {
  const records = [
    entry(0, { arrivedAt: 0 }),
    entry(1, { arrivedAt: 1, account: 'other' }),
    entry(2, { arrivedAt: 100, outcome: 'refused' }),
    entry(3, { arrivedAt: 199.5 }),
    entry(4, { arrivedAt: 300 }),
  ];
  assert.deepEqual(analyse(records, { user: 100 }).accounts, {
    user: { requests: 4, sent: 3, firstAt: 0, lastAt: 300, minGapMs: 99.5, violations: 1 },
    other: { requests: 1, sent: 1, firstAt: 1, lastAt: 1, minGapMs: null, violations: 0 },
  });
});

test('a mail accepted twice is a duplicate, by its sub-task or by its recipient in the campaign', () => {
  const records = [
    entry(0),
    entry(1, { subTaskId: 'sub-0' }),
    entry(2, { recipient: 'U0@example.org' }),
    entry(3, { recipient: 'u0@example.org', campaign: 'another' }),
    entry(4, { recipient: 'u0@example.org', campaign: null }),
    entry(5, { recipient: 'u0@example.org', campaign: null }),
    entry(6, { subTaskId: 'sub-0', outcome: 'repeat' }),
    entry(7, { subTaskId: 'sub-0', outcome: 'refused' }),
    entry(8, { subTaskId: null, recipient: null }),
    entry(9, { subTaskId: null, recipient: null }),
  ];
  const found = analyse(records, {}).duplicatesAtProvider.map(({ seq, firstSeq, by }) => ({ seq, firstSeq, by }));
  assert.deepEqual(found, [
    { seq: 1, firstSeq: 0, by: 'sub_task' },
    { seq: 2, firstSeq: 0, by: 'recipient' },
  ]);
});

test('the order of the records does not matter', () => {
  const times = fc.array(fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom('a', 'b')), { minLength: 1 });
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 500 }), (list, interval) => {
      const records = list.map(([arrivedAt, account], seq) => entry(seq, { arrivedAt, account }));
      const intervals = { a: interval, b: interval };
      const { accounts } = analyse(records, intervals);
      assert.deepEqual(analyse(records.toReversed(), intervals).accounts, { ...accounts });
      for (const name of ['a', 'b'] as const) {
        const sorted = list
          .filter(([, account]) => account === name)
          .map(([at]) => at)
          .sort((x, y) => x - y);
        const tooClose = sorted.filter((at, i) => i > 0 && at - (sorted[i - 1] ?? 0) < interval).length;
        assert.equal(accounts[name]?.violations ?? 0, tooClose);
      }
    }),
  );
});

test('draws are even, repeat with the seed and differ with the words', () => {
  const draws = Array.from({ length: 10_000 }, (_, i) => draw(1, 'fate', `u${i}@example.org`));
  for (let tenth = 0; tenth < 10; tenth++) {
    const hits = draws.filter((n) => n >= tenth / 10 && n < (tenth + 1) / 10).length;
    assert.ok(hits > 850 && hits < 1_150, `${hits} in tenth ${tenth}`);
  }
  assert.equal(draw(1, 'a', 'b'), draw(1, 'a', 'b'));
  assert.notEqual(draw(1, 'a', 'b'), draw(2, 'a', 'b'));
  assert.notEqual(draw(1, 'a', 'b'), draw(1, 'ab'));
});
