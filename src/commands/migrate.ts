import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { migrate as bringUpToDate } from '../database/migrate.ts';
import { openServer } from '../database/server.ts';

export const migrate = new Command('migrate')
  .description('bring the database up to date; safe to run anywhere, any number at once')
  .option('--json', 'print what was applied as one JSON object')
  .action(async (options: { json?: true }) => {
    const server = await openServer(loadConfig());
    try {
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
