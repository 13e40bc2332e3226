import { Command } from 'commander';
import { z } from 'zod';
import { Fault } from '../server/errors.ts';
import { openInstallation } from './open.ts';

const flags = z
  .object({
    since: z.iso
      .datetime({ offset: true, error: '--since: expected a time such as 2030-01-31T12:00:00Z' })
      .transform((text) => new Date(text))
      .optional(),
    nothingSent: z.boolean().default(false),
    askProviders: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .refine(
    ({ since, nothingSent }) => (since === undefined) === nothingSent,
    'expected --since with the time of the backup, or --nothing-sent',
  )
  .refine(
    ({ nothingSent, askProviders }) => !(nothingSent && askProviders),
    '--ask-providers: not with --nothing-sent, where there is nothing to ask',
  );

export const afterRestore = new Command('after-restore')
  .description(
    'after a backup was restored, or a database moved: hold what may have been sent since, and let workers send from here',
  )
  .option('--since <time>', 'when the backup was begun: 2030-01-31T12:00:00Z')
  .option('--nothing-sent', 'instead of --since: all workers were stopped before the copy was made')
  .option('--ask-providers', "look into the providers' own records for what was sent since")
  .option('--json', 'print the result as one JSON object')
  .action(async (options: unknown) => {
    const { since = null, askProviders: ask, json } = parsed(options);
    const { createPool } = await import('../database/pool.ts');
    const { afterRestore: restore } = await import('../database/restore/after_restore.ts');
    const { leftOfTasks } = await import('../database/restore/left_of_tasks.ts');
    const { askProviders } = await import('./after_restore/ask_providers.ts');
    const { describe } = await import('./after_restore/describe.ts');
    await using opened = new AsyncDisposableStack();
    const { url, secret, close } = await openInstallation();
    opened.defer(close);
    const db = createPool({ connectionString: url, applicationName: 'postilion after-restore', max: 1 });
    opened.defer(() => db.end());
    const held = await restore(db, since);
    const asked = ask && since !== null ? await askProviders(db, secret, since) : null;
    const left = await leftOfTasks(
      db,
      held.map(({ taskId }) => taskId),
    );
    const tasks = held.map((task) => ({ ...task, ...(left.get(task.taskId) ?? { pending: 0, uncertain: 0 }) }));
    const { rowCount } = await db.query('select from app_public.email_services where is_stopped limit 1');
    const result = { tasks, asked, stopped: rowCount === 1 };
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
  });

/** @throws Fault naming the option */
function parsed(options: unknown): z.output<typeof flags> {
  const given = flags.safeParse(options);
  if (given.success) return given.data;
  throw new Fault('BADIN', given.error.issues.map(({ message }) => message).join('; '));
}
