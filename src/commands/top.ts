import { Command } from 'commander';
import { z } from 'zod';
import { ConfigError } from '../config.ts';

const flags = z.object({
  interval: z.coerce.number().min(0.2).max(3_600),
  once: z.boolean().default(false),
  json: z.boolean().default(false),
});

export const top = new Command('top')
  .description('watch services and Tasks at work; q ends it. Where nobody watches (a pipe, a file): one frame as text')
  .option('--interval <seconds>', 'how often to look', '1')
  .option('--once', 'one frame, as text')
  .option('--json', 'one look as a JSON object')
  .action(async (options: unknown) => {
    const parsed = flags.safeParse(options);
    if (!parsed.success) throw new ConfigError('--interval: expected seconds, from 0.2 to 3600');
    const { interval, once, json } = parsed.data;
    const { readTop } = await import('../database/reports/read_top.ts');
    const { asOperator } = await import('./ops/as_operator.ts');
    const { printTop, showTop } = await import('./top/show.ts');
    const { forecastNowAndThen } = await import('./top/forecasts.ts');
    await asOperator('top', async ({ db }) => {
      if (json) process.stdout.write(`${JSON.stringify(await readTop(db))}\n`);
      else if (once || !process.stdout.isTTY) await printTop(() => readTop(db));
      else
        await showTop(
          forecastNowAndThen((forecasts) => readTop(db, forecasts)),
          interval * 1_000,
        );
    });
  });
