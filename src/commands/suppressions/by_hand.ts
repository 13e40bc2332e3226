import { Command } from 'commander';
import { z } from 'zod';

const flags = z.object({ workspace: z.string(), note: z.string() });

const done = { add: 'is suppressed', lift: 'may be written to again' } as const;

/** A verb that decides about one address. */
export function byHand(verb: keyof typeof done, description: string): Command {
  return new Command(verb)
    .description(description)
    .argument('<address>')
    .requiredOption('--workspace <name>', 'its name or id')
    .requiredOption('--note <text>', 'why; it is kept')
    .action(async (address: string, options: unknown) => {
      const { workspace, note } = flags.parse(options);
      const { withPool } = await import('../contacts/transfer.ts');
      const { workspaceNamed } = await import('../contacts/workspace_named.ts');
      const { explained } = await import('./explained.ts');
      await withPool(async (pool) => {
        const workspaceId = await workspaceNamed(pool, workspace);
        await explained(pool.query(`select app_public.${verb}_suppression($1, $2, $3)`, [workspaceId, address, note]));
      });
      process.stdout.write(`${address} ${done[verb]}.\n`);
    });
}
