import { Command } from 'commander';
import { z } from 'zod';
import { print, type Report } from '../../bench/support/report.ts';
import { kill } from './kill.ts';
import { pause } from './pause.ts';

const program = new Command('chaos').description('breaks things on purpose, and counts what was lost by it');

const killFlags = z.object({
  recipients: z.coerce.number().int().min(1),
  kills: z.coerce.number().int().min(0),
  workers: z.coerce.number().int().min(1),
  json: z.boolean().default(false),
});

program
  .command('kill')
  .description('kill -9 of runners, supervisors and whole groups in turn, in the middle of a campaign')
  .option('--recipients <count>', 'recipients', '2000')
  .option('--kills <count>', 'kills', '10')
  .option('--workers <count>', 'worker processes', '4')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(killFlags.parse(options), kill));

const pauseFlags = z.object({
  pauses: z.coerce.number().int().min(1),
  recipients: z.coerce.number().int().min(1),
  json: z.boolean().default(false),
});

program
  .command('pause')
  .description('pauses at full speed: what arrives afterwards must have been reported')
  .option('--pauses <count>', 'pauses', '10')
  .option('--recipients <count>', 'recipients', '20000')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(pauseFlags.parse(options), pause));

await program.parseAsync();

async function run<T extends { json: boolean }>(options: T, chaos: (options: T) => Promise<Report>): Promise<void> {
  print(await chaos(options), options.json);
}
