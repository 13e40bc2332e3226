import { Command } from 'commander';
import { z } from 'zod';
import { openInstallation } from './open.ts';

const flags = z.object({
  source: z.string().optional(),
  rotate: z.boolean().default(false),
  keepOld: z.coerce.number('--keep-old: expected seconds').int().min(0),
});

export const webhook = new Command('webhook')
  .description('print an address for the webhooks of a service; its secret is never shown again')
  .argument('<service>', 'its name or id')
  .option('--source <name>', "who posts; default: the service's provider")
  .option('--rotate', 'in place of the addresses there are, which stop working')
  .option('--keep-old <seconds>', 'how long they still work then', '86400')
  .action(async (service: string, options: unknown) => {
    const { source, rotate, keepOld } = flags.parse(options);
    const { createPool } = await import('../database/pool.ts');
    const { newWebhookPath } = await import('./webhook/new_path.ts');
    await using opened = new AsyncDisposableStack();
    const { config, url, close } = await openInstallation();
    opened.defer(close);
    const pool = createPool({ connectionString: url, applicationName: 'postilion webhook', max: 1 });
    opened.defer(() => pool.end());
    const path = await newWebhookPath(pool, service, source ?? null, rotate ? keepOld : null);
    const origin = config.TRACKING_BASE_URL ?? `http://${config.HOST}:${config.PORT}`;
    process.stdout.write(`${origin}${path}\n`);
  });
