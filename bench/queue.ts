// Stage 2, all triggers and the ledger on, commits durable: one measurement after the other, each on a queue that is empty.
import { batched } from './queue/batched.ts';
import { depth } from './queue/depth.ts';
import { endToEnd } from './queue/end_to_end.ts';
import { heldSnapshot } from './queue/held_snapshot.ts';
import { pace } from './queue/pace.ts';
import { parked } from './queue/parked.ts';
import { single } from './queue/single.ts';
import type { Measurement } from './queue/stage.ts';
import { clear } from './support/backlog.ts';
import { openBenchDatabase } from './support/database.ts';
import { type Figure, machine, type Report } from './support/report.ts';
import { breakIn } from './support/wal.ts';

const all: Readonly<Record<string, Measurement>> = {
  single,
  batched,
  depth,
  parked,
  heldSnapshot,
  endToEnd,
  pace,
};

/** Each gives one figure or more. */
export const measurements: readonly string[] = Object.keys(all);

interface Options {
  /** Smaller numbers, for a look and for the suite. */
  quick: boolean;
  /** Some of the measurements; default: all. */
  only?: readonly string[] | undefined;
}

export async function queue({ quick, only = measurements }: Options): Promise<Report> {
  const database = await openBenchDatabase();
  try {
    const stage = { ...database, quick, seconds: quick ? 0.4 : 10 };
    const figures: Record<string, Figure> = {};
    if (!quick) await breakIn(database.pool);
    for (const [name, measure] of Object.entries(all)) {
      if (!only.includes(name)) continue;
      await clear(database.pool);
      Object.assign(figures, await measure(stage));
    }
    return { machine: machine(database.facts), figures };
  } finally {
    await database.close();
  }
}
