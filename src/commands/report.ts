import { Argument, Command, Option } from 'commander';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { type Span, spans } from '../reports/period.ts';

const day = (option: string) => z.iso.date(`${option}: expected a day such as 2026-01-31`).optional();
const flags = z.object({
  from: day('--from'),
  to: day('--to'),
  timezone: z.string().optional(),
  format: z.enum(['text', 'md', 'html', 'json']),
  json: z.boolean().default(false),
  out: z.string().optional(),
});

export const report = new Command('report')
  .description('what was sent, how it went against the time before, what can be sent, and what to look at')
  .addArgument(
    new Argument('[span]', 'whole days up to yesterday: 1, 7 or 30').choices(Object.keys(spans)).default('week'),
  )
  .option('--from <day>', 'the first day, as 2026-01-31')
  .option('--to <day>', 'the last day; today counts as far as its hours are closed')
  .option('--timezone <name>', 'whose days, such as Europe/Berlin; default: REPORT_TIMEZONE')
  .addOption(
    new Option('--format <format>', 'how it is written').choices(['text', 'md', 'html', 'json']).default('text'),
  )
  .option('--json', 'the numbers as one JSON object, the same as --format json')
  .option('--out <file>', 'write it there')
  .action(async (span: Span, options: unknown) => {
    const parsed = flags.safeParse(options);
    if (!parsed.success) throw new ConfigError(parsed.error.issues.map(({ message }) => message).join('\n'));
    const { json, format, out, ...asked } = parsed.data;
    const { writeReport } = await import('./report/write_report.ts');
    await writeReport({ ...asked, span, out, format: json ? 'json' : format });
  });
