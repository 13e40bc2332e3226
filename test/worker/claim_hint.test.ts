// Promise: a loop looks from the beginning of the queue every five seconds, and less often only where that is dear; thirty at most. Between,
// the loops of a process take stretches of their own, and none leaves rows behind that it has found.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Hint } from '../../src/database/queue/hint.ts';
import { ClaimHint } from '../../src/worker/claim_hint.ts';
import { Frontier } from '../../src/worker/frontier.ts';

let nowMs = 0;
let frontier: Frontier;

beforeEach(() => {
  frontier = new Frontier(() => nowMs);
});

function aLoop(): ClaimHint {
  return new ClaimHint(frontier, () => nowMs);
}

function at(position: number, rest: Partial<Hint> = {}): Hint {
  return { taskId: 'task', lane: '', availableAt: '-infinity', place: null, position, ...rest };
}

/** A claim of up to ten that takes so long and answers this. @returns where it began; null: at the beginning. */
function claim(hint: ClaimHint, answer: { outcome: string; hint?: Hint }, tookMs = 1): number | null {
  const taken = hint.take(10);
  nowMs += tookMs;
  hint.note(answer);
  return taken?.position ?? null;
}

function claimed(position: number, rest: Partial<Hint> = {}) {
  return { outcome: 'claimed', hint: at(position, rest) };
}

for (const [tookMs, goodForMs] of [
  [1, 5_000],
  [50, 5_000],
  [100, 10_000],
  [900, 30_000],
] as const)
  test(`where a look from the beginning takes ${tookMs} ms, the next is ${goodForMs / 1_000} s later`, () => {
    const hint = aLoop();
    assert.equal(claim(hint, claimed(10), tookMs), null);
    nowMs += goodForMs - 10;
    assert.equal(claim(hint, claimed(20), 5), 10);
    assert.equal(claim(hint, claimed(30), 5), 20);
    assert.equal(claim(hint, claimed(40)), null);
  });

for (const outcome of ['no_work', 'more', 'busy'])
  test(`after ${outcome} it looks from the beginning`, () => {
    const hint = aLoop();
    claim(hint, claimed(10));
    assert.equal(claim(hint, { outcome }), 10);
    assert.equal(claim(hint, claimed(20)), null);
  });

test('what a full or frozen service answers says nothing about rows', () => {
  const hint = aLoop();
  claim(hint, claimed(10));
  claim(hint, { outcome: 'full' });
  assert.equal(claim(hint, { outcome: 'frozen' }), 10);
});

test('loops that claim at the same time begin at rows of their own', () => {
  const [one, two, three] = [aLoop(), aLoop(), aLoop()];
  claim(one, claimed(10));
  claim(two, claimed(20));
  claim(three, claimed(30));
  assert.deepEqual([one.take(10)?.position, two.take(10)?.position, three.take(10)?.position], [30, 40, 50]);
  one.note(claimed(40));
  three.note(claimed(60));
  assert.deepEqual([three.take(10)?.position, one.take(10)?.position], [60, 70]);
});

test('where positions have gaps the others begin behind the end of a claim', () => {
  const [one, two] = [aLoop(), aLoop()];
  claim(one, claimed(10));
  claim(two, claimed(20));
  assert.equal(claim(one, claimed(500)), 20);
  assert.equal(claim(two, claimed(800)), 500);
});

test('a stretch from which nothing was taken, or not all, is gone on with', () => {
  const [one, two] = [aLoop(), aLoop()];
  claim(one, claimed(10));
  claim(two, claimed(20));
  assert.equal(claim(one, { outcome: 'full' }), 20);
  assert.equal(claim(two, claimed(40)), 30);
  assert.equal(claim(one, claimed(24)), 20);
  assert.equal(claim(one, claimed(30)), 24);
  assert.equal(claim(one, claimed(50)), 40);
});

test('who finds older rows takes all of them before it joins the others', () => {
  const [one, two] = [aLoop(), aLoop()];
  claim(one, claimed(1_000));
  claim(one, claimed(1_010));
  claim(two, claimed(10));
  assert.deepEqual([claim(two, claimed(20)), claim(two, claimed(500)), claim(two, claimed(1_020))], [10, 20, 500]);
  assert.deepEqual([claim(one, claimed(1_030)), claim(two, claimed(1_040))], [1_020, 1_030]);
});

test('a claim that found nothing behind its hint, and looked from the beginning, goes on from there', () => {
  const [one, two] = [aLoop(), aLoop()];
  claim(one, claimed(1_000));
  claim(one, claimed(1_010));
  claim(two, claimed(1_020));
  assert.equal(claim(two, claimed(30)), 1_020);
  assert.equal(claim(two, claimed(40)), 30);
});

test('a frontier at which nobody is any more is forgotten: rows may have come back behind it', () => {
  const [one, two] = [aLoop(), aLoop()];
  claim(one, claimed(1_000));
  nowMs += 31_000;
  claim(one, claimed(10));
  claim(two, claimed(20));
  assert.equal(claim(one, claimed(30)), 20);
});

test('of rows that had to wait each loop goes on behind its own', () => {
  const [one, two] = [aLoop(), aLoop()];
  const availableAt = '2026-03-01 10:00:00+00';
  claim(one, claimed(500, { availableAt }));
  claim(one, claimed(600, { availableAt }));
  claim(two, claimed(10, { availableAt }));
  assert.equal(claim(two, claimed(20, { availableAt })), 10);
});

test('queues have frontiers of their own', () => {
  const [one, two, three] = [aLoop(), aLoop(), aLoop()];
  claim(one, claimed(500));
  claim(one, claimed(510));
  claim(two, claimed(10, { taskId: 'another' }));
  claim(three, claimed(10, { lane: 'gmail.com' }));
  assert.deepEqual([claim(two, claimed(20)), claim(three, claimed(20))], [10, 10]);
});
