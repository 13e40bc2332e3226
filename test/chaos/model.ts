// Random steps: alone, each followed by the model; and by several clients at once, with the invariants watched meanwhile.
import fc from 'fast-check';
import { openBenchDatabase } from '../../bench/support/database.ts';
import { type Figure, machine, type Report, say } from '../../bench/support/report.ts';
import { playAlone, playTogether } from '../queue/model/run.ts';
import { type Step, steps } from '../queue/model/step.ts';
import { aScene } from '../queue/model/world.ts';
import { none, reported } from './verdict.ts';

export interface ModelOptions {
  runs: number;
  /** Steps of a run, at most. */
  commands: number;
  clients: number;
  /** The seed of an earlier run, to see the same steps again; 0: a new one. */
  seed: number;
}

export async function model({ runs, commands, clients, seed: given }: ModelOptions): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const database = await openBenchDatabase();
  opened.defer(() => database.close());
  const { pool } = database;
  const seed = given === 0 ? Date.now() % 2 ** 31 : given;
  say(`seed ${seed}`);
  const scene = await aScene(pool, 3);
  const alone = count();
  const aloneFailed = await failure(
    fc.asyncProperty(steps(commands), (drawn) => alone.play(drawn.length, () => playAlone(pool, scene, drawn))),
    { seed, numRuns: runs },
  );
  const together = count();
  const all = fc.array(steps(commands), { minLength: clients, maxLength: clients });
  // As many steps in all; a failure is not made smaller, since it may depend on the interleaving.
  const togetherFailed = await failure(
    fc.asyncProperty(all, (drawn) =>
      together.play(total(drawn), async () => playTogether(pool, await aScene(pool, 2 * clients), drawn)),
    ),
    { seed, numRuns: Math.ceil(runs / clients), endOnFailure: true },
  );
  const figures: Record<string, Figure> = {
    seed: reported(seed),
    runsAlone: reported(alone.runs),
    stepsAlone: reported(alone.steps),
    departuresFromTheModel: none(aloneFailed),
    runsTogether: reported(together.runs),
    stepsTogether: reported(together.steps),
    failuresTogether: none(togetherFailed),
  };
  return { machine: machine(database.facts), figures };
}

function total(clients: Step[][]): number {
  return clients.reduce((sum, { length }) => sum + length, 0);
}

/** Counts what was played, and says so from time to time. */
function count() {
  return {
    runs: 0,
    steps: 0,
    async play(steps: number, run: () => Promise<void>): Promise<void> {
      await run();
      this.runs += 1;
      this.steps += steps;
      if (this.runs % 500 === 0) say(`${this.runs} runs, ${this.steps} steps`);
    },
  };
}

/** @returns 1 and says how, with seed and smallest counterexample, when the property does not hold; 0 when it does. */
async function failure<T>(property: fc.IAsyncProperty<T>, parameters: fc.Parameters<T>): Promise<number> {
  const details = await fc.check(property, parameters);
  if (details.failed) say(fc.defaultReportMessage(details) ?? 'failed');
  return details.failed ? 1 : 0;
}
