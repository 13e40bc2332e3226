import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { z } from 'zod';
import { untilAskedToEnd } from './signals.ts';

const flags = z.object({
  host: z.string().optional(),
  port: z.coerce.number().int().min(0).max(65_535),
  webhook: z.string().optional(),
  settings: z.string().optional(),
});

export const simulator = new Command('simulator')
  .description(
    "run a provider that sends nothing: it speaks EngageLab's API, records what arrives and posts webhooks back",
  )
  .option('--host <address>', 'address to listen on; default: 127.0.0.1')
  .option('--port <port>', 'port; 0: any free one', '5680')
  .option('--webhook <url>', 'where to post events: what "postilion webhook <service>" prints')
  .option('--settings <file>', 'JSON with accounts, delays, outcomes and faults; see src/simulator/options.ts')
  .action(async (options: unknown) => {
    const { host, port, webhook, settings } = flags.parse(options);
    const asked = untilAskedToEnd();
    const { startSimulator } = await import('../simulator/server.ts');
    const given: object =
      settings === undefined ? {} : z.looseObject({}).parse(JSON.parse(readFileSync(settings, 'utf8')));
    const running = await startSimulator({
      ...given,
      ...(host !== undefined && { host }),
      port,
      ...(webhook !== undefined && { webhooks: { url: webhook } }),
    });
    // For a parent that forked it: which port it got.
    process.send?.({ url: running.url });
    process.stdout.write(
      `The simulator listens on ${running.url}; its record is at ${running.url}/_simulator/record\n`,
    );
    await asked;
    await running.close();
  });
