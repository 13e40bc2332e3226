import { Command, Option } from 'commander';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { replayable } from '../database/events/replay_events.ts';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

const time = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), 'expected a time, such as 2026-01-31 or 2026-01-31T12:00:00Z')
  .transform((date) => date.toISOString());

const flags = z.object({
  since: time,
  until: time.optional(),
  where: z.enum(replayable),
  source: z.string().optional(),
  json: z.boolean().default(false),
});

const replay = new Command('replay')
  .description('apply recorded events again; what counted already counts once')
  .requiredOption('--since <time>', 'those received at this time or later')
  .option('--until <time>', 'and before this one; default: now')
  .addOption(
    new Option('--where <state>', 'only those that could not be applied, or hold an event whose SubTask was not found')
      .choices(replayable)
      .default('all'),
  )
  .option('--source <name>', 'only those of one source, such as engagelab')
  .option('--json', 'print what it came to as one JSON object')
  .action((options: unknown) => runReplay(options));

export const events = new Command('events').description('look after the inbox of events').addCommand(replay);

async function runReplay(options: unknown): Promise<void> {
  const { json, ...chosen } = read(options);
  const stopping = new AbortController();
  void untilAskedToEnd().then(() => stopping.abort());
  const { replayInbox } = await import('./events/replay.ts');
  const { replayBar, silent } = await import('./events/progress.ts');
  await using opened = new AsyncDisposableStack();
  const installation = await openInstallation();
  opened.defer(installation.close);
  const progress = opened.adopt(json ? silent : replayBar(), ({ stop }) => stop());
  const result = await replayInbox({ ...installation, stopping: stopping.signal }, chosen, progress);
  progress.stop();
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
}

function read(options: unknown): z.infer<typeof flags> {
  const parsed = flags.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`--${issue?.path.join('.')}: ${issue?.message}`);
}

function describe({ replayed, left }: { replayed: number; left: number }): string {
  const waiting = left === 0 ? '' : `; ${left} of that time are to be tried again, or are being applied elsewhere`;
  return `Replayed ${replayed} recorded bodies${waiting}.\n`;
}
