import { Command } from 'commander';

export const checkServices = new Command('check')
  .description(
    'look up SPF, DKIM, DMARC, the way of bounces and the host of links; exit code 0: all is there, 1: something is missing or wrong, 2: something could not be asked',
  )
  .argument('[service]', 'its name or id; none: all that are switched on')
  .option('--json', 'print what was found as one JSON array')
  .action(async (service: string | undefined, { json }: { json?: true }) => {
    const { look } = await import('./look.ts');
    const { describeCheck, verdict } = await import('./describe.ts');
    const done = await look(service ?? null, (check) => {
      if (!json) process.stdout.write(describeCheck(check));
    });
    process.stdout.write(json ? `${JSON.stringify(done.checks)}\n` : verdict(done));
    process.exitCode = done.exitCode;
  });
