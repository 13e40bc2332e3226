import { Command, Option } from 'commander';
import { z } from 'zod';
import { eventMeasurements, events } from './events.ts';
import { generate } from './generate.ts';
import { apiMeasurements, graphql } from './graphql.ts';
import { overhead, overheadMeasurements } from './overhead.ts';
import { measurements, queue } from './queue.ts';
import { print, type Report } from './support/report.ts';

const flags = z.object({ recipients: z.coerce.number().int().min(1), json: z.boolean().default(false) });

const queueFlags = z.object({
  quick: z.boolean().default(false),
  only: z.array(z.string()).optional(),
  json: z.boolean().default(false),
});

const eventFlags = queueFlags.extend({ long: z.boolean().default(false) });

const program = new Command('bench').description(
  'measures against what the same machine can do at best, in the same run',
);

program
  .command('generate')
  .description('stage 1: rendering and inserting SubTasks')
  .addOption(new Option('--recipients <count>').default('100000'))
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(options, generate));

program
  .command('queue')
  .description('stage 2: claim, begin and complete by themselves, and through the real worker')
  .option('--quick', 'small numbers')
  .addOption(new Option('--only <names...>', 'some of the measurements').choices(measurements))
  .option('--json', 'one JSON object on the last line')
  .action(async (options: unknown) => {
    const { quick, only, json } = queueFlags.parse(options);
    print(await queue({ quick, only }), json);
  });

program
  .command('events')
  .description('webhooks taken in, links followed, and all of it applied')
  .option('--quick', 'small numbers')
  .option('--long', 'play a million events in order, shuffled and twice')
  .addOption(new Option('--only <names...>', 'some of the measurements').choices(eventMeasurements))
  .option('--json', 'one JSON object on the last line')
  .action(async (options: unknown) => {
    const { json, ...given } = eventFlags.parse(options);
    print(await events(given), json);
  });

program
  .command('graphql')
  .description('the API: lists, details, statistics, progress to subscribers, a file of contacts')
  .option('--quick', 'small numbers')
  .addOption(new Option('--only <names...>', 'some of the measurements').choices(apiMeasurements))
  .option('--json', 'one JSON object on the last line')
  .action(async (options: unknown) => {
    const { quick, only, json } = queueFlags.parse(options);
    print(await graphql({ quick, only }), json);
  });

const overheadFlags = queueFlags.extend({ pairs: z.coerce.number().int().min(1) });

program
  .command('overhead')
  .description('what the ledger, the metrics and the crontab cost the queue, on and off in turn')
  .option('--quick', 'small numbers')
  .option(
    '--pairs <count>',
    'how often on and off; odd, or the upper of the two in the middle is taken for the median',
    '9',
  )
  .addOption(new Option('--only <names...>', 'some of the measurements').choices(overheadMeasurements))
  .option('--json', 'one JSON object on the last line')
  .action(async (options: unknown) => {
    const { json, ...given } = overheadFlags.parse(options);
    print(await overhead(given), json);
  });

await program.parseAsync();

async function run(options: unknown, bench: (given: { recipients: number }) => Promise<Report>): Promise<void> {
  const { recipients, json } = flags.parse(options);
  print(await bench({ recipients }), json);
}
