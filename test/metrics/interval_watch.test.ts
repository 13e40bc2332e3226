// Promise: an interval that was undercut is counted, and nothing else is: neither what a change of the pace explains, nor what another process did.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IntervalWatch } from '../../src/metrics/interval_watch.ts';

function aWatch() {
  const told = { undercuts: 0, kept: [] as number[] };
  const watch = new IntervalWatch({
    kept: (excessMs) => told.kept.push(excessMs),
    undercut: () => {
      told.undercuts += 1;
    },
  });
  return { watch, told };
}

test('a gap as long as the interval is kept, and by how much it is longer is told', () => {
  const { watch, told } = aWatch();
  const terms = { intervalMs: 1_000 };
  watch.ends(0, terms);
  watch.begins(1_012, terms);
  assert.deepEqual(told, { undercuts: 0, kept: [12] });
});

test('a shorter one is an undercut as soon as the pace is read again and is what it was', () => {
  const { watch, told } = aWatch();
  const terms = { intervalMs: 1_000 };
  watch.ends(0, terms);
  watch.begins(900, terms);
  assert.equal(told.undercuts, 0);
  watch.ends(910, terms);
  watch.begins(2_000, { intervalMs: 1_000 });
  assert.equal(told.undercuts, 1);
});

test('a pace read between the two mails settles it at once', () => {
  const { watch, told } = aWatch();
  watch.ends(0, { intervalMs: 1_000 });
  watch.begins(900, { intervalMs: 1_000 });
  assert.equal(told.undercuts, 1);
});

test('an interval that was shortened meanwhile was not undercut', () => {
  const { watch, told } = aWatch();
  const terms = { intervalMs: 1_000 };
  watch.ends(0, terms);
  watch.begins(500, terms);
  watch.ends(510, terms);
  watch.begins(1_010, { intervalMs: 500 });
  assert.equal(told.undercuts, 0);
});

test('nor was one that was made longer', () => {
  const { watch, told } = aWatch();
  watch.ends(0, { intervalMs: 500 });
  watch.begins(501, { intervalMs: 1_000 });
  assert.equal(told.undercuts, 0);
});

test('two clocks that run apart are no breach', () => {
  const { watch, told } = aWatch();
  watch.ends(0, { intervalMs: 31_000 });
  watch.begins(30_990, { intervalMs: 31_000 });
  assert.equal(told.undercuts, 0);
});

test('what was not waited for says nothing of punctuality, and is watched all the same', () => {
  const { watch, told } = aWatch();
  const terms = { intervalMs: 1_000 };
  watch.ends(0, terms);
  watch.rests();
  watch.begins(1_900, terms);
  watch.ends(1_910, terms);
  // Another process had the service: three intervals.
  watch.begins(4_910, terms);
  assert.deepEqual(told, { undercuts: 0, kept: [] });
});
