// Promise: lateness is what the queue added to answer and interval, and a mail that never came is missed in the count.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { punctualityOf } from '../../bench/queue/punctuality.ts';
import type { Entry } from '../../src/simulator/entry.ts';

function entry(arrivedAt: number, answerMs: number): Entry {
  return {
    seq: arrivedAt,
    arrivedAt,
    wallAt: arrivedAt,
    answeredAt: arrivedAt + answerMs,
    account: 'north',
    subTaskId: null,
    requestId: null,
    recipient: null,
    fromDomain: null,
    campaign: null,
    replyTo: null,
    attachments: [],
    outcome: 'accepted',
    status: 200,
    fault: null,
    fate: 'none',
  };
}

const window = { from: 1_000, to: 1_500 };

test('each mail is measured from the end of the answer before it', () => {
  const entries = [entry(900, 10), entry(1_000, 10), entry(1_113, 30), entry(1_243, 20), entry(1_600, 10)];
  assert.deepEqual(punctualityOf(entries, 100, window), { count: 3, ideal: 5, latenessMs: [3, 0] });
});

test('a service that was never heard of has missed them all', () => {
  assert.deepEqual(punctualityOf([], 100, window), { count: 0, ideal: 5, latenessMs: [] });
});
