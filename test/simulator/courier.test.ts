// Promise: nothing is told before it occurred.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Courier } from '../../src/simulator/courier.ts';

test('no job is begun before its time, not by a fraction of a millisecond', async () => {
  const courier = new Courier(() => 1);
  const early: number[] = [];
  for (let number = 0; number < 500; number += 1) {
    const afterMs = number / 7;
    const dueAt = performance.now() + afterMs;
    courier.add(afterMs, async () => {
      if (performance.now() < dueAt) early.push(dueAt - performance.now());
      return null;
    });
  }
  await courier.idle();
  assert.deepEqual(early, []);
});
