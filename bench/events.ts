// What becomes of mails: webhooks taken in, links followed, and all of it applied. Triggers and the ledger on, commits durable.
import { acknowledged } from './events/acknowledged.ts';
import { applied } from './events/applied.ts';
import { redirect } from './events/redirect.ts';
import { replayed } from './events/replayed.ts';
import type { Measurement } from './queue/stage.ts';
import { openBenchDatabase } from './support/database.ts';
import { type Figure, machine, type Report } from './support/report.ts';

interface Options {
  /** Smaller numbers, for a look and for the suite. */
  quick: boolean;
  /** A million events played twice, instead of some thousands. */
  long: boolean;
  /** Some of the measurements; default: all. */
  only?: readonly string[] | undefined;
}

const eventsPlayed = { quick: 3_000, usual: 100_000, long: 1_000_000 };

const all = ({ quick, long }: Options): Readonly<Record<string, Measurement>> => ({
  acknowledged,
  applied,
  redirect,
  replayed: (stage) => replayed(stage, long ? eventsPlayed.long : quick ? eventsPlayed.quick : eventsPlayed.usual),
});

/** Each gives one figure or more. */
export const eventMeasurements: readonly string[] = Object.keys(all({ quick: true, long: false }));

export async function events(options: Options): Promise<Report> {
  const { quick, only = eventMeasurements } = options;
  const database = await openBenchDatabase();
  try {
    const stage = { ...database, quick, seconds: quick ? 0.4 : 10 };
    const figures: Record<string, Figure> = {};
    for (const [name, measure] of Object.entries(all(options))) {
      if (only.includes(name)) Object.assign(figures, await measure(stage));
    }
    return { machine: machine(database.facts), figures };
  } finally {
    await database.close();
  }
}
