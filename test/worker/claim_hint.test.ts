// Promise: a loop looks from the beginning of the queue every five seconds, and less often only where that is dear; thirty at most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimHint } from '../../src/worker/claim_hint.ts';

let nowMs = 0;

/** A claim that takes so long and answers this. */
function claim(hint: ClaimHint, answer: { outcome: string; hint?: string }, tookMs = 1): string | null {
  const taken = hint.take();
  nowMs += tookMs;
  hint.note(answer);
  return taken;
}

for (const [tookMs, goodForMs] of [
  [1, 5_000],
  [50, 5_000],
  [100, 10_000],
  [900, 30_000],
] as const)
  test(`where a look from the beginning takes ${tookMs} ms, the next is ${goodForMs / 1_000} s later`, () => {
    const hint = new ClaimHint(() => nowMs);
    assert.equal(claim(hint, { outcome: 'claimed', hint: 'first' }, tookMs), null);
    nowMs += goodForMs - 10;
    assert.equal(claim(hint, { outcome: 'claimed', hint: 'second' }, 5), 'first');
    assert.equal(claim(hint, { outcome: 'claimed', hint: 'third' }, 5), 'second');
    assert.equal(claim(hint, { outcome: 'claimed', hint: 'fourth' }), null);
  });

for (const outcome of ['no_work', 'more', 'busy'])
  test(`after ${outcome} it looks from the beginning`, () => {
    const hint = new ClaimHint(() => nowMs);
    claim(hint, { outcome: 'claimed', hint: 'first' });
    assert.equal(claim(hint, { outcome }), 'first');
    assert.equal(claim(hint, { outcome: 'claimed', hint: 'second' }), null);
  });

test('what a full or frozen service answers says nothing about rows', () => {
  const hint = new ClaimHint(() => nowMs);
  claim(hint, { outcome: 'claimed', hint: 'first' });
  claim(hint, { outcome: 'full' });
  assert.equal(claim(hint, { outcome: 'frozen' }), 'first');
});
