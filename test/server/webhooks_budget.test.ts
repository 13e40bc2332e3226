// Promise: bodies in progress never hold more memory than was said, and what one held is free once it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteBudget } from '../../src/server/webhooks/byte_budget.ts';
import { BacklogFull } from '../../src/server/webhooks/recorder.ts';

test('what would be too much is refused, and fits once others are done', () => {
  const budget = new ByteBudget(100);
  budget.take(60);
  budget.take(40);
  assert.throws(() => budget.take(1), BacklogFull);
  budget.giveBack(60);
  budget.take(60);
  assert.throws(() => budget.take(1), BacklogFull);
});
