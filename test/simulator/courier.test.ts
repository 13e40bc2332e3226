// Promise: nothing is told before it occurred.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Courier } from '../../src/simulator/courier.ts';

test('a job is not begun before its time, however busy the loop was when it was planned', async () => {
  const courier = new Courier(() => 1);
  const busyUntil = performance.now() + 20;
  while (performance.now() < busyUntil);
  const dueAt = performance.now() + 5.5;
  let begunAt = 0;
  courier.add(5.5, async () => {
    begunAt = performance.now();
    return null;
  });
  await courier.idle();
  assert.ok(begunAt >= dueAt, `${dueAt - begunAt} ms early`);
});
