import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { codeOf } from '../database/error_code.ts';
import type { Locked, Plan } from '../database/migrate/plan.ts';
import { migrate as bringUpToDate, MigrationFailed, planMigration } from '../database/migrate.ts';
import { openServer } from '../database/server.ts';

export const migrate = new Command('migrate')
  .description('bring the database up to date; safe to run anywhere, any number at once')
  .option(
    '--plan',
    'change nothing: say what is pending, and which tables it would lock, by doing it in a transaction that is rolled back',
  )
  .option('--json', 'print what was, or would be, applied as one JSON object')
  .action(async (options: { plan?: true; json?: true }) => {
    const server = await openServer(loadConfig());
    try {
      if (options.plan) {
        const plan = await planMigration({ url: server.url }).catch(explain);
        process.stdout.write(options.json ? `${JSON.stringify(plan)}\n` : describePlan(plan));
        return;
      }
      const done = await bringUpToDate({ url: server.url });
      process.stdout.write(options.json ? `${JSON.stringify(done)}\n` : describe(done));
    } finally {
      await server.stop();
    }
  });

function describe(done: { migrations: string[]; functions: string[] }): string {
  if (done.migrations.length + done.functions.length === 0) return 'The database is up to date.\n';
  return `Applied ${done.migrations.length} migrations and ${done.functions.length} functions.\n`;
}

/** What a rehearsal meets on a system at work is an answer, too. */
function explain(error: unknown): never {
  const code = codeOf(error) || (error instanceof Error ? codeOf(error.cause) : '');
  if (code === '55P03')
    throw new MigrationFailed('a table that has to be locked is in use right now; ask again', { cause: error });
  if (code === '57014')
    throw new MigrationFailed(
      'the rehearsal was given up after 5 s: something is rebuilt. Stop workers and servers to migrate',
      {
        cause: error,
      },
    );
  throw error;
}

function describePlan({ migrations, functions }: Plan): string {
  if (migrations.length + functions.files.length === 0) return 'The database is up to date.\n';
  const lines = migrations.flatMap(({ file, locks }) => [`migration ${file}`, ...locks.map(describeLock)]);
  if (functions.files.length > 0)
    lines.push(`${functions.files.length} functions, together`, ...functions.locks.map(describeLock));
  const locked = functions.locks.length + migrations.reduce((sum, { locks }) => sum + locks.length, 0);
  const end =
    locked === 0
      ? 'Nobody has to wait.'
      : 'Each lock is held for moments. While a table is in use it is tried again, a minute or two; others wait a second at most.';
  return `${lines.join('\n')}\n${end}\n`;
}

function describeLock({ table, mode, leaves, rows }: Locked): string {
  return `  locks ${table} (${mode}, about ${rows.toLocaleString('en')} rows): meanwhile others may do ${leaves === 'nothing' ? 'nothing with it' : `no more than ${leaves}`}`;
}
