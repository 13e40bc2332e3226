import { Command } from 'commander';
import { z } from 'zod';

const flags = z.object({
  task: z.string().nullable().default(null),
  yes: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
});

export const repair = new Command('repair')
  .description(
    'show what is broken and how it would be mended, ask, and mend it; each repair is a transaction and leaves a line in the audit trail',
  )
  .argument(
    '[what...]',
    'kinds of repair: pools, leases, slots, thaw, wake, tasks, partitions, events, fold, counters; default: all',
  )
  .option('--task <task>', 'the statistics of one Task alone, however many mails it has')
  .option('--yes', 'mend without asking')
  .option('--dry-run', 'show the plan and change nothing')
  .option('--json', 'print plan and result as one JSON object; mends only with --yes')
  .action(async (what: string[], options: unknown) => {
    const { asOperator } = await import('./ops/as_operator.ts');
    const { repairAll } = await import('./ops/repair_all.ts');
    const { describePlan, describeRepairs } = await import('./ops/describe_repairs.ts');
    const { askYes } = await import('./ops/ask_yes.ts');
    const { task, yes, dryRun, json } = flags.parse(options);
    await asOperator('repair', async ({ db }) => {
      const result = await repairAll(
        db,
        { what: what.length === 0 && task !== null ? ['counters'] : what, task },
        async (plan) => {
          if (!json) process.stdout.write(describePlan(plan));
          if (dryRun || plan.length === 0) return false;
          return yes || (!json && (await askYes('Do this? [y/N] ')));
        },
      );
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : describeRepairs(result));
      if (
        result.repairs.some(({ outcome }) => outcome === 'changed') ||
        (result.repairs.length === 0 && result.plan.length > 0)
      )
        process.exitCode = 1;
    });
  });
