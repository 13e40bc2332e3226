// Promise: what is compared is measured in turn, the order swapped each time, and a price is told with its spread.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternate, priceOf } from '../../bench/support/alternate.ts';

test('on and off in turn; a machine that slows down steadily favours neither', async () => {
  const order: boolean[] = [];
  let speed = 1_000;
  const pairs = await alternate(4, async (isOn) => {
    order.push(isOn);
    speed -= 10;
    return isOn ? speed * 0.9 : speed;
  });
  assert.deepEqual(order, [true, false, false, true, true, false, false, true]);
  const { median, least, most } = priceOf(pairs);
  assert.ok(least < 0.1 && most > 0.1 && Math.abs(median - 0.1) < 0.02);
});

test('what costs nothing may seem to give', () => {
  assert.deepEqual(priceOf([{ on: 120, off: 100 }]), { median: 1 - 1.2, least: 1 - 1.2, most: 1 - 1.2 });
});
