import { Command } from 'commander';
import { z } from 'zod';
import { print, type Report } from '../../bench/support/report.ts';
import { kill } from './kill.ts';
import { model } from './model.ts';
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

const modelFlags = z.object({
  runs: z.coerce.number().int().min(1),
  commands: z.coerce.number().int().min(1),
  clients: z.coerce.number().int().min(1).max(16),
  seed: z.coerce.number().int().min(0),
  json: z.boolean().default(false),
});

program
  .command('model')
  .description('random steps beside a model of the queue, and by several clients at once')
  .option('--runs <count>', 'runs beside the model; together as many steps in all', '1000')
  .option('--commands <count>', 'steps of a run, at most', '30')
  .option('--clients <count>', 'clients at once', '4')
  .option('--seed <number>', 'of an earlier run; 0: a new one', '0')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(modelFlags.parse(options), model));

await program.parseAsync();

async function run<T extends { json: boolean }>(options: T, chaos: (options: T) => Promise<Report>): Promise<void> {
  print(await chaos(options), options.json);
}
