// Promise: a body counts as recorded only once its own row is committed, however many shared the attempt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BacklogFull, Recorder, type Recording } from '../../src/server/webhooks/recorder.ts';

const row = (text: string): Recording => ({ provider: 'test', path: '/', headers: {}, body: Buffer.from(text) });
const textsOf = (rows: readonly Recording[]) => rows.map(({ body }) => body.toString());

/** A database whose inserts the test lets through one by one. */
function fakeDatabase(refused = 'nothing') {
  const attempts: string[][] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  let commits = 0;
  const recorder = new Recorder({
    async insert(rows) {
      attempts.push(textsOf(rows));
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      if (textsOf(rows).includes(refused)) throw new Error('refused');
    },
    onCommit: () => commits++,
    blamesRows: (error) => error instanceof Error && error.message === 'refused',
  });
  return {
    recorder,
    attempts,
    commits: () => commits,
    letThrough: () => gates.shift()?.resolve(),
    breakDown: () => gates.shift()?.reject(new Error('gone')),
  };
}

/** Everything that can happen without the database has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what comes while an insert is under way shares the next one', async () => {
  const { recorder, attempts, commits, letThrough } = fakeDatabase();
  const first = recorder.record(row('a'));
  await settled();
  const others = [recorder.record(row('b')), recorder.record(row('c'))];
  await settled();
  assert.deepEqual(attempts, [['a']]);
  letThrough();
  await first;
  await settled();
  assert.deepEqual(attempts, [['a'], ['b', 'c']]);
  letThrough();
  await Promise.all(others);
  assert.equal(commits(), 2);
});

test('nobody is answered before the commit', async () => {
  const { recorder, letThrough } = fakeDatabase();
  let answered = false;
  const recorded = recorder.record(row('a')).then(() => {
    answered = true;
  });
  await settled();
  assert.equal(answered, false);
  letThrough();
  await recorded;
});

test('one bad row among several fails alone', async () => {
  const { recorder, attempts, letThrough } = fakeDatabase('bad');
  const results = Promise.allSettled(['a', 'bad', 'c'].map((text) => recorder.record(row(text))));
  for (let attempt = 0; attempt < 4; attempt++) {
    await settled();
    letThrough();
  }
  assert.deepEqual(
    (await results).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(attempts, [['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
});

test('a database that is away is not asked again for each row', async () => {
  const { recorder, attempts, breakDown } = fakeDatabase();
  const results = Promise.allSettled(['a', 'b'].map((text) => recorder.record(row(text))));
  await settled();
  breakDown();
  assert.deepEqual(
    (await results).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(attempts.length, 1);
});

test('a shared insert holds at most 500 rows and 4 MB', async () => {
  const { recorder, attempts, letThrough } = fakeDatabase();
  const many = Array.from({ length: 600 }, () => recorder.record(row('x')));
  const large = Array.from({ length: 5 }, () => recorder.record(row('y'.repeat(1_500_000))));
  for (let attempt = 0; attempt < 5; attempt++) {
    await settled();
    letThrough();
  }
  await Promise.all([...many, ...large]);
  assert.deepEqual(
    attempts.map((rows) => rows.length),
    [500, 102, 2, 1],
  );
});

test('the backlog is bounded by rows and by bytes', async () => {
  const { recorder, letThrough } = fakeDatabase();
  const first = recorder.record(row('under way'));
  await settled();
  const waiting = Array.from({ length: 16 }, () => recorder.record(row('z'.repeat(4_000_000))));
  await assert.rejects(recorder.record(row('one more')), BacklogFull);
  for (let attempt = 0; attempt < 17; attempt++) {
    letThrough();
    await settled();
  }
  await Promise.all([first, ...waiting, recorder.drained()]);
  const again = recorder.record(row('there is room again'));
  await settled();
  letThrough();
  await again;
});
