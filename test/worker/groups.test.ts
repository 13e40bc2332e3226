// Promise: a lone item is worked on at once, and what comes meanwhile goes together in the next group.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Groups } from '../../src/worker/groups.ts';

/** Groups whose work ends when it is told to. */
function observed() {
  const begun: string[][] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const begins = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const groups = new Groups<string>((items) => {
    const end = Promise.withResolvers<void>();
    ends.push(end);
    begins[begun.push(items) - 1]?.resolve();
    return end.promise;
  });
  return { groups, begun, ends, begins };
}

test('what comes in one turn goes together, what comes during the work in one group after it', async () => {
  const { groups, begun, ends, begins } = observed();
  const first = [groups.add('a'), groups.add('b')];
  await begins[0]?.promise;
  const second = [groups.add('c'), groups.add('d')];
  assert.deepEqual(begun, [['a', 'b']]);
  ends[0]?.resolve();
  await Promise.all(first);
  await begins[1]?.promise;
  assert.deepEqual(begun, [
    ['a', 'b'],
    ['c', 'd'],
  ]);
  ends[1]?.resolve();
  await Promise.all(second);
});

test('a group that fails is told so, and the next goes on', async () => {
  const { groups, ends, begins } = observed();
  const lost = groups.add('lost');
  await begins[0]?.promise;
  const kept = groups.add('kept');
  ends[0]?.reject(new Error('no database'));
  await assert.rejects(lost, /no database/);
  await begins[1]?.promise;
  ends[1]?.resolve();
  await kept;
});
