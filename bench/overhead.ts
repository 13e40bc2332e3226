// What the ledger and the watch over the queue cost it, by its batched rate: on and off in turn, in one run, so that a busy machine meets both alike.
import { ledger } from './overhead/ledger.ts';
import { operations } from './overhead/operations.ts';
import type { Figures, Stage } from './queue/stage.ts';
import { openBenchDatabase } from './support/database.ts';
import { machine, type Report } from './support/report.ts';

const all: Readonly<Record<string, (stage: Stage, pairs: number) => Promise<Figures>>> = { ledger, operations };

export const overheadMeasurements: readonly string[] = Object.keys(all);

interface Options {
  /** Smaller numbers, for the suite. */
  readonly quick: boolean;
  /** Some of the measurements; default: all. */
  readonly only?: readonly string[] | undefined;
  /** How often each is measured on and off. */
  readonly pairs: number;
}

export async function overhead({ quick, only = overheadMeasurements, pairs }: Options): Promise<Report> {
  const database = await openBenchDatabase();
  try {
    const stage = { ...database, quick, seconds: quick ? 0.2 : 2 };
    const figures: Figures = {};
    for (const [name, measure] of Object.entries(all))
      if (only.includes(name)) Object.assign(figures, await measure(stage, quick ? 1 : pairs));
    return { machine: machine(database.facts), figures };
  } finally {
    await database.close();
  }
}
