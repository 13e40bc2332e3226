// A million contacts from a CSV file through the real server: into an empty workspace, the same again, and with another value in each row.
import { Readable } from 'node:stream';
import type pg from 'pg';
import { z } from 'zod';
import { aWorkspace } from '../../test/support/scene.ts';
import { type MemoryWatch, watchMemory } from '../support/memory.ts';
import type { Figure } from '../support/report.ts';

const goalRowsPerSecond = 50_000;
const goalRiseMb = 100;
const sampleMs = 50;

const counts = z.object({ inserted: z.number(), updated: z.number(), unchanged: z.number() });

export interface ImportBench {
  readonly pool: pg.Pool;
  /** Of a server on that database. */
  readonly origin: string;
  /** Of its process. */
  readonly pid: number;
  /** What lets a request in, such as an authorization. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rows: number;
}

/** @throws Error when the answer is not what the file must come to */
export async function measureImport(bench: ImportBench): Promise<Record<string, Figure>> {
  const workspaceId = await aWorkspace(bench.pool);
  // Whatever a process needs but once is not what a file costs.
  await upload(bench, await aWorkspace(bench.pool), 'first', 1_000, 'inserted');
  const inserted = await timed(bench, workspaceId, 'first', 'inserted');
  const unchanged = await timed(bench, workspaceId, 'first', 'unchanged');
  const updated = await timed(bench, workspaceId, 'second', 'updated');
  return {
    'import, new contacts': speed(inserted.rowsPerSecond),
    'import, server memory': memory(inserted.riseMb),
    'import, nothing new': speed(unchanged.rowsPerSecond),
    'import, every contact changes': { ...speed(updated.rowsPerSecond), goal: 'told', met: true },
  };
}

const speed = (value: number): Figure => ({
  value,
  unit: 'rows/s',
  goal: `≥ ${goalRowsPerSecond.toLocaleString('en')} rows/s`,
  met: value >= goalRowsPerSecond,
});

const memory = (value: number): Figure => ({
  value,
  unit: 'MB above the start',
  goal: `≤ ${goalRiseMb} MB`,
  met: value <= goalRiseMb,
});

type Expected = keyof z.infer<typeof counts>;

async function timed(bench: ImportBench, workspaceId: string, city: string, expected: Expected) {
  using watch = watchMemory(bench.pid, sampleMs);
  const startedAt = performance.now();
  await upload(bench, workspaceId, city, bench.rows, expected);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { rowsPerSecond: bench.rows / seconds, riseMb: riseOf(watch) };
}

function riseOf({ samples: [first = 0, ...rest] }: MemoryWatch): number {
  return rest.reduce((highest, sample) => Math.max(highest, sample), first) - first;
}

async function upload(
  { origin, headers }: ImportBench,
  workspaceId: string,
  city: string,
  rows: number,
  expected: Expected,
): Promise<void> {
  const response = await fetch(`${origin}/api/contacts/import?workspace=${workspaceId}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', ...headers },
    body: Readable.toWeb(Readable.from(file(rows, city))),
    duplex: 'half',
  });
  const answer = counts.parse(await response.json());
  if (answer[expected] !== rows) throw new Error(`expected ${rows} ${expected}: ${JSON.stringify(answer)}`);
}

// An odd factor below 2³² visits every number once: addresses in no order.
const scatter = 2_654_435_761;

function* file(rows: number, city: string): Generator<Buffer> {
  const rowsAtOnce = 1_000;
  yield Buffer.from('email,name,city,plan,tags\n');
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const lines: string[] = [];
    for (let row = from; row < Math.min(from + rowsAtOnce, rows); row++)
      lines.push(
        `reader${Math.imul(row, scatter) >>> 0}@example.com,"Reader, No ${row}",${city},plan ${row % 7},reader;news${row % 3}\n`,
      );
    yield Buffer.from(lines.join(''));
  }
}
