import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { loadConfig } from '../config.ts';
import { codeOf } from '../database/error_code.ts';
import { createPool } from '../database/pool.ts';
import { openServer } from '../database/server.ts';
import { type Drift, recountTask } from '../database/statistics/recount_task.ts';
import { taskIds } from '../database/statistics/task_ids.ts';

interface Options {
  json?: true;
  yes?: true;
}

interface Found {
  readonly taskId: string;
  readonly drift: Drift[];
}

export const recount = new Command('recount')
  .description('compare the statistics of a Task, or of all, with their rows; exits with 1 when a drift is left')
  .argument('[task]', 'the id of the Task', taskId)
  .option('--yes', 'mend what is found; without it nothing is changed')
  .option('--json', 'print what was found as one JSON object')
  .action(async (task: string | undefined, options: Options) => {
    await using opened = new AsyncDisposableStack();
    const server = await openServer(loadConfig());
    opened.defer(() => server.stop());
    const db = createPool({ connectionString: server.url, max: 1, applicationName: 'postilion recount' });
    opened.defer(() => db.end());
    const mend = options.yes === true;
    let checked = 0;
    const found: Found[] = [];
    for await (const taskId of task === undefined ? taskIds(db) : [task]) {
      const drift = await recountTask(db, taskId, { dryRun: !mend, why: 'asked for at the terminal' }).catch(tell);
      if (drift === null) continue;
      checked++;
      if (drift.length > 0) found.push({ taskId, drift });
    }
    const result = { checked, drifted: found, mended: mend && found.length > 0 };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : describe(result));
    if (found.length > 0 && !mend) process.exitCode = 1;
  });

function taskId(given: string): string {
  if (z.uuid().safeParse(given).success) return given;
  throw new InvalidArgumentError('expected the id of a Task');
}

/** A Task may be deleted while all are looked at. */
function tell(error: unknown): null {
  if (!(error instanceof Error) || codeOf(error) !== 'NTFND') throw error;
  process.stderr.write(`postilion: ${error.message}\n`);
  process.exitCode = 1;
  return null;
}

function describe({ checked, drifted, mended }: { checked: number; drifted: Found[]; mended: boolean }): string {
  const lines = drifted.flatMap(({ taskId, drift }) =>
    drift.map(
      ({ serviceId, counter, kept, counted }) =>
        `${taskId} ${counter}${serviceId === null ? '' : ` of service ${serviceId}`}: kept ${kept}, counted ${counted}`,
    ),
  );
  const verdict = mended ? 'mended' : drifted.length > 0 ? 'nothing was changed; --yes mends' : 'no drift';
  return [...lines, `${checked} Tasks compared with their rows, ${drifted.length} drifted: ${verdict}.`, ''].join('\n');
}
