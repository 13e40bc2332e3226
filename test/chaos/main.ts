import { Command, Option } from 'commander';
import { z } from 'zod';
import { print, type Report } from '../../bench/support/report.ts';
import { describe, isMet } from './faults/told.ts';
import { faultNames, faults } from './faults.ts';
import { inHub } from './hosts/hub.ts';
import { hosts } from './hosts.ts';
import { kill } from './kill.ts';
import { model } from './model.ts';
import { pause } from './pause.ts';
import { postgres } from './postgres.ts';
import { restore } from './restore.ts';
import { stop } from './stop.ts';
import { upgrade } from './upgrade.ts';
import { webhooks } from './webhooks.ts';

const program = new Command('chaos').description('breaks things on purpose, and counts what was lost by it');

const count = z.coerce.number().int().min(1);
const json = z.boolean().default(false);

const killFlags = z.object({
  recipients: count,
  kills: z.coerce.number().int().min(0),
  workers: count,
  interval: z.coerce.number().int().min(0),
  json,
});

program
  .command('kill')
  .description('kill -9 of runners, supervisors and whole groups in turn, in the middle of a campaign')
  .option('--recipients <count>', 'recipients', '2000')
  .option('--kills <count>', 'kills', '10')
  .option('--workers <count>', 'worker processes', '4')
  .option('--interval <ms>', 'of each service; 0: rated services instead of paced ones', '40')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(killFlags.parse(options), kill));

const pauseFlags = z.object({ pauses: count, recipients: count, json });

program
  .command('pause')
  .description('pauses at full speed: what arrives afterwards must have been reported')
  .option('--pauses <count>', 'pauses', '10')
  .option('--recipients <count>', 'recipients', '20000')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(pauseFlags.parse(options), pause));

const modelFlags = z.object({
  runs: count,
  commands: count,
  clients: count.max(16),
  seed: z.coerce.number().int().min(0),
  json,
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

const stopFlags = z.object({ stops: count, recipients: count, workers: count.min(2), services: count, json });

program
  .command('stop')
  .description('SIGSTOP of runners and whole groups in turn, half of them at once, for longer than their leases last')
  .option('--stops <count>', 'stops', '40')
  .option('--recipients <count>', 'recipients', '12000')
  .option('--workers <count>', 'worker processes', '6')
  .option('--services <count>', 'services', '16')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(stopFlags.parse(options), stop));

const postgresFlags = z.object({ restarts: count, workers: count, windowSeconds: count, json });

program
  .command('postgres')
  .description(
    'restarts a database server of its own as after a crash: nothing is lost, no process ends unless it is away for long, the rate is back',
  )
  .option('--restarts <count>', 'restarts', '10')
  .option('--workers <count>', 'worker processes', '2')
  .option('--window-seconds <seconds>', 'how long the rate is measured after each restart', '30')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(postgresFlags.parse(options), postgres));

const webhooksFlags = z
  .object({ events: count, kills: count, quick: z.boolean().default(false), json })
  .transform(({ quick, ...options }) => (quick ? { ...options, events: 400, kills: 2 } : options));

program
  .command('webhooks')
  .description('kill -9 of the server while the provider posts events: every acknowledged one is applied, once')
  .option('--events <count>', 'events', '20000')
  .option('--kills <count>', 'kills', '20')
  .option('--quick', 'in small: 400 events, 2 kills')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(webhooksFlags.parse(options), webhooks));

const faultsFlags = z.object({ only: z.array(z.string()).default([...faultNames]), json });

program
  .command('faults')
  .description('plants the faults a queue may have: found, explained, mended in time, audited')
  .addOption(new Option('--only <names...>', 'some of them').choices(faultNames))
  .option('--json', 'one JSON object on the last line')
  .action(async (options: unknown) => {
    const { only, json } = faultsFlags.parse(options);
    const report = await faults({ only });
    if (json) {
      const met = report.healthyExit === 0 && Object.values(report.faults).every(isMet);
      process.stdout.write(`${JSON.stringify({ ...report, met })}\n`);
      return;
    }
    process.stdout.write(`${describe(report.faults)}\n`);
    print(report, false);
  });
const restoreFlags = z.object({ recipients: count, json });

program
  .command('restore')
  .description(
    'a backup in the middle of a campaign that goes on, and is lost: nothing of it is sent twice or forgotten',
  )
  .option('--recipients <count>', 'recipients', '2000')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(restoreFlags.parse(options), restore));

const upgradeFlags = z.object({ from: z.string(), recipients: count, json });

program
  .command('upgrade')
  .description('an earlier release goes on while the database is migrated beneath it, and this one joins in')
  .requiredOption('--from <commit>', 'of the earlier release')
  .option('--recipients <count>', 'recipients', '2000')
  .option('--json', 'one JSON object on the last line')
  .action((options: unknown) => run(upgradeFlags.parse(options), upgrade));

const hostsFlags = z.object({ cuts: count, seconds: count, prefix: z.string().default(''), json });

program
  .command('hosts')
  .description(
    'three workers and two servers in network namespaces of their own, of which one after the other loses its link',
  )
  .option('--cuts <count>', 'a worker, a server, a worker …', '2')
  .option('--seconds <seconds>', 'how long a host is cut off', '30')
  .option('--json', 'one JSON object on the last line')
  .action(() => inHub('hosts-inside', process.argv.slice(3)));

program
  .command('hosts-inside', { hidden: true })
  .requiredOption('--prefix <name>')
  .option('--cuts <count>', '', '2')
  .option('--seconds <seconds>', '', '30')
  .option('--json')
  .action((options: unknown) => run(hostsFlags.parse(options), hosts));

await program.parseAsync();

async function run<T extends { json: boolean }>(options: T, chaos: (options: T) => Promise<Report>): Promise<void> {
  print(await chaos(options), options.json);
}
