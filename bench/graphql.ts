// The API as its clients meet it: over HTTP and websockets, with a token, on an installation in use.
import { anInstallation, type Installation } from './graphql/data.ts';
import { measureImport } from './graphql/import.ts';
import { progress } from './graphql/progress.ts';
import { type Asked, withAsked } from './graphql/server.ts';
import { statistics, taskDetail, taskList } from './graphql/tasks.ts';
import type { Figures, Stage } from './queue/stage.ts';
import { openBenchDatabase } from './support/database.ts';
import { type Figure, machine, type Report } from './support/report.ts';

interface Options {
  /** Smaller numbers, for a look and for the suite. */
  quick: boolean;
  /** Some of the measurements; default: all. */
  only?: readonly string[] | undefined;
}

type ApiMeasurement = (stage: Stage, installation: Installation, asked: Asked) => Promise<Figures>;

const all: Readonly<Record<string, ApiMeasurement>> = {
  taskList,
  taskDetail,
  statistics,
  progress: (stage, _installation, { origin, admin }) => progress(stage, origin, admin),
  import: ({ pool, quick }, _installation, { origin, pid, admin }) =>
    measureImport({ pool, origin, pid, headers: { authorization: admin }, rows: quick ? 2_000 : 1_000_000 }),
};

/** Each gives one figure or more. */
export const apiMeasurements: readonly string[] = Object.keys(all);

export async function graphql({ quick, only = apiMeasurements }: Options): Promise<Report> {
  const database = await openBenchDatabase();
  try {
    const stage: Stage = { ...database, quick, seconds: quick ? 0.4 : 10 };
    const size = quick
      ? { tasks: 25, subTasksPerTask: 100, contacts: 500 }
      : { tasks: 100, subTasksPerTask: 10_000, contacts: 200_000 };
    const installation = await anInstallation(stage.pool, size);
    const figures: Record<string, Figure> = {};
    await withAsked(stage, installation.workspaceId, async (asked) => {
      for (const [name, measure] of Object.entries(all))
        if (only.includes(name)) Object.assign(figures, await measure(stage, installation, asked));
    });
    return { machine: machine(database.facts), figures };
  } finally {
    await database.close();
  }
}
