import { Command } from 'commander';

const check = new Command('check')
  .description(
    'what is in force and where it is from, and whether it works; exit code 0: it does, 1: something does not',
  )
  .option('--json', 'print what was found as one JSON object')
  .action(async ({ json }: { json?: true }) => {
    const { examineConfig } = await import('./config/examine.ts');
    const { describeConfig } = await import('./config/describe.ts');
    const result = await examineConfig();
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : describeConfig(result));
    process.exitCode = result.ok ? 0 : 1;
  });

export const config = new Command('config').description('look at the configuration').addCommand(check);
