// The verbs, one line each. A command imports what it runs when it runs, so that each starts as fast as it can.
import { Command, CommanderError } from 'commander';
import { MailboxUnusable } from './bounces/mailbox_unusable.ts';
import { afterRestore } from './commands/after_restore.ts';
import { alerts } from './commands/alerts.ts';
import { bounces } from './commands/bounces.ts';
import { config } from './commands/config.ts';
import { contacts } from './commands/contacts.ts';
import { demo } from './commands/demo.ts';
import { diagnose } from './commands/diagnose.ts';
import { events } from './commands/events.ts';
import { explain } from './commands/explain.ts';
import { health } from './commands/health.ts';
import { migrate } from './commands/migrate.ts';
import { recount } from './commands/recount.ts';
import { repair } from './commands/repair.ts';
import { report } from './commands/report.ts';
import { rotateSecret } from './commands/rotate_secret.ts';
import { serve } from './commands/serve.ts';
import { services } from './commands/services.ts';
import { simulator } from './commands/simulator.ts';
import { start } from './commands/start.ts';
import { suppressions } from './commands/suppressions.ts';
import { token } from './commands/token.ts';
import { top } from './commands/top.ts';
import { user } from './commands/user.ts';
import { webhook } from './commands/webhook.ts';
import { work } from './commands/work.ts';
import { ConfigError } from './config.ts';
import { MigrationFailed } from './database/migrate.ts';
import { DatabaseUnusable } from './database/server.ts';
import { Fault } from './server/errors.ts';
import { AddressUnusable } from './server/listening.ts';

const program = new Command('postilion')
  .description('The mail-campaign queue that lives in Postgres.')
  .showHelpAfterError()
  .addCommand(start)
  .addCommand(serve)
  .addCommand(work)
  .addCommand(migrate)
  .addCommand(user)
  .addCommand(token)
  .addCommand(webhook)
  .addCommand(bounces)
  .addCommand(events)
  .addCommand(contacts)
  .addCommand(suppressions)
  .addCommand(recount)
  .addCommand(config)
  .addCommand(services)
  .addCommand(health)
  .addCommand(diagnose)
  .addCommand(explain)
  .addCommand(repair)
  .addCommand(afterRestore)
  .addCommand(alerts)
  .addCommand(report)
  .addCommand(top)
  .addCommand(rotateSecret)
  .addCommand(simulator)
  .addCommand(demo);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (isExplained(error)) process.stderr.write(`postilion: ${error.message}\n`);
  else throw error;
}

/** Errors whose message is written for the person at the terminal: a stack trace would bury it. */
function isExplained(error: unknown): error is Error {
  return (
    error instanceof AddressUnusable ||
    error instanceof ConfigError ||
    error instanceof DatabaseUnusable ||
    error instanceof Fault ||
    error instanceof MailboxUnusable ||
    error instanceof MigrationFailed
  );
}
