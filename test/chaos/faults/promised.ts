// What docs/operations.md promises of each fault, read from its table: the run judges by what is promised there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '../../../src/database/server.ts';
import { crontabFor } from '../../../src/worker/task_list.ts';

export interface Promised {
  /** In words. */
  readonly fault: string;
  /** The line of `health` that names it, and how grave it is. */
  readonly check: string;
  readonly state: string;
  /** Of `health`. */
  readonly exitCode: number;
  /** `sweep`, or the crontab's handler that mends it. */
  readonly by: string;
  readonly withinMs: number;
}

const row =
  /^\| `(?<key>\w+)`: (?<fault>[^|]+) \| `(?<check>\w+)` (?<state>warning|critical)[^|]* \| (?<exitCode>[12]) \| `(?<by>\w+)`[^|]* \| (?<number>\d+) (?<unit>s|min)\b[^|]* \|/gm;

/** By the faults' short names. */
export function promises(): Record<string, Promised> {
  const text = readFileSync(join(projectDir, 'docs/operations.md'), 'utf8');
  const entries = [...text.matchAll(row)].map(({ groups: g = {} }): [string, Promised] => [
    g['key'] ?? '',
    {
      fault: g['fault'] ?? '',
      check: g['check'] ?? '',
      state: g['state'] ?? '',
      exitCode: Number(g['exitCode']),
      by: g['by'] ?? '',
      withinMs: Number(g['number']) * (g['unit'] === 'min' ? 60_000 : 1_000),
    },
  ]);
  return Object.fromEntries(entries);
}

/** How long the crontab may take to come to a handler: the longest time between two of its turns in a day; 0 for the sweep. */
export function turnMs(handler: string): number {
  const items = crontabFor('other').filter(({ task }) => task === handler);
  const day = Array.from({ length: 24 * 60 }, (_, minute) => minute);
  const turns = day.filter((minute) =>
    items.some(({ match }) => match({ min: minute % 60, hour: Math.floor(minute / 60), date: 1, month: 1, dow: 1 })),
  );
  const [first] = turns;
  if (first === undefined) return 0;
  const gaps = turns.map((minute, turn) => (turns[turn + 1] ?? first + day.length) - minute);
  return Math.max(...gaps) * 60_000;
}
