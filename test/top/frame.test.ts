// Promise: a frame of the live view fits whatever terminal it is shown on, says what matters without colour, and obeys nobody's names.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { displayWidth } from '../../src/commands/ops/lines.ts';
import { short, shortSpan } from '../../src/commands/top/cells.ts';
import { frame, type View } from '../../src/commands/top/frame.ts';
import { aTop, aTopService, aTopTask } from './a_top.ts';

const plain: View = { columns: 79, rows: 24, paint: (_, text) => text, problem: null };
const lines = (view: Partial<View> = {}, top = aTop()) =>
  frame(top, { ...plain, ...view }).map((line) => line.trimEnd());

test('80 columns, everything at a glance', () => {
  assert.deepEqual(lines(), [
    'postilion top   workers 2   Tasks 1   inbox 12   alerts 1          06:00:07 UTC',
    '',
    'SERVICE              STATE        NEXT      LAST       PACE         TODAY    OK',
    'east                 frozen     20 min     ✓ 1 s      1/2 s   1,234/30.0k  80 %',
    '  └ 535 authentication failed',
    'north                sending       1 s     ✓ 1 s      1/2 s   1,234/30.0k  99 %',
    'south                sending               ✓ 1 s      15/20          123k  99 %',
    'west                 no work                          1/2 s       0/30.0k',
    '',
    'TASK                                  DONE   LEFT   /MIN  READY IN FAILED DOUBT',
    'Spring news             █████████░░░  75 %  2,500    840     2 min      3     1',
    '二〇二六年春季新品上市… ░░░░░░░░░░░░   0 %  10.0k           paused      3     1',
    '',
    'ALERTS',
    'critical  east can not be used (12 min)',
  ]);
});

test('fits any terminal, with any names', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 70, max: 250 }),
      fc.integer({ min: 8, max: 60 }),
      fc.integer({ min: 0, max: 60 }),
      fc.string({ unit: fc.constantFrom(...'ab 東é—🙂\u001b\n\t[31m'), maxLength: 90 }),
      (columns, rows, many, name) => {
        const services = Array.from({ length: many }, () => ({ ...aTopService, name, reason: many % 2 ? name : null }));
        const tasks = Array.from({ length: many }, () => ({ ...aTopTask, name, total: many * 1e6, left: many * 9e5 }));
        const top = aTop({ services, tasks, serviceCount: many + 7, taskCount: many });
        const shown = frame(top, { ...plain, columns, rows, problem: name });
        assert.ok(shown.length <= rows);
        for (const line of shown)
          assert.ok(displayWidth(line) <= columns && !/\p{Cc}/u.test(line), JSON.stringify(line));
      },
    ),
    { numRuns: 200 },
  ));

describe('what does not fit', () => {
  const many = <T>(thing: T, count: number) => Array<T>(count).fill(thing);

  test('is counted; what needs no room leaves it to the other', () => {
    const shown = lines(
      { rows: 20 },
      aTop({ services: many(aTopService, 30), serviceCount: 130, alerts: [], alertCount: 0 }),
    );
    assert.equal(shown.length, 20);
    assert.ok(shown.includes('… 118 more'), shown.join('\n'));
    assert.equal(shown.filter((line) => line.startsWith('Spring')).length, 1);
  });

  test('where there is no end all of it is shown', () => {
    const top = aTop({ services: many(aTopService, 90), tasks: many(aTopTask, 40), serviceCount: 90, taskCount: 40 });
    assert.equal(
      lines({ rows: Number.POSITIVE_INFINITY }, top).filter((line) => /^(north|Spring)/.test(line)).length,
      130,
    );
  });
});

describe('words', () => {
  const taskLine = (task: Partial<typeof aTopTask>) =>
    lines({}, aTop({ tasks: [{ ...aTopTask, ...task }] })).find((line) => line.startsWith('Spring'));

  test('when a Task is done', () => {
    assert.match(taskLine({ doneInMs: null, limiting: 'nothing may send' }) ?? '', / blocked /);
    assert.match(taskLine({ doneInMs: null }) ?? '', / never /);
    assert.match(taskLine({ status: 'completed', left: 0, doneInMs: null }) ?? '', /█{10} +100 % +0 .* completed /);
    assert.match(
      taskLine({ status: 'generating', total: 0, left: 0, doneInMs: null, limiting: null }) ?? '',
      /generating|generati…/,
    );
  });

  test('nearly done is not done', () => assert.match(taskLine({ left: 1 }) ?? '', /█{9}░ +99 %/));

  test('nobody works, nothing is there, the inbox grows, the database is away', () => {
    const top = aTop({
      workers: 0,
      services: [],
      serviceCount: 0,
      tasks: [],
      taskCount: 0,
      alerts: [],
      alertCount: 0,
      inbox: { waiting: 10_001, oldestMs: 900_000 },
    });
    const shown = lines({ problem: 'The database does not answer.' }, top);
    assert.match(shown[0] ?? '', /NO WORKER .* inbox over 10,000 for 15 min/);
    assert.equal(shown.filter((line) => line === 'none').length, 2);
    assert.equal(shown.at(-1), 'The database does not answer.');
  });

  test('numbers and spans are short, and cut, not rounded', () => {
    assert.deepEqual([0, 9_999, 10_000, 99_999, 999_999, 1_234_567].map(short), [
      '0',
      '9,999',
      '10.0k',
      '99.9k',
      '999k',
      '1.2M',
    ]);
    assert.deepEqual([0, 99_400, 100_000, 6_000_000, 172_800_000].map(shortSpan), [
      '0 s',
      '99 s',
      '1 min',
      '1 h 40',
      '2 d',
    ]);
  });
});
