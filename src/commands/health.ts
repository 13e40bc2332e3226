import { Command } from 'commander';
import { z } from 'zod';

const flags = z.object({
  patience: z.coerce.number('--patience: expected seconds').min(0).max(3_600),
  json: z.boolean().default(false),
});

export const health = new Command('health')
  .description('look whether all is well; exit code 0: fine, 1: a warning, 2: critical')
  .option('--patience <seconds>', 'how long what mends itself within seconds is given for it', '6')
  .option('--json', 'print what was found as one JSON object')
  .action(async (options: unknown) => {
    const { patience, json } = flags.parse(options);
    const { examine, exitCodes } = await import('./ops/examine.ts');
    const { describeHealth } = await import('./ops/describe_health.ts');
    const result = await examine(patience * 1_000);
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : describeHealth(result));
    process.exitCode = exitCodes[result.state];
  });
