import { Command } from 'commander';
import { z } from 'zod';
import type { Imported } from '../../database/bulk/staged_import.ts';

const flags = z.object({ workspace: z.string(), tag: z.string().optional() });

/** The verb `export` of contacts, or of suppressed addresses. */
export function exportCommand(what: Imported, description: string): Command {
  const command = new Command('export')
    .description(description)
    .argument('[file]', 'a new file; default: standard output')
    .requiredOption('--workspace <name>', 'its name or id')
    .action(async (file: string | undefined, options: unknown) => {
      const { workspace, tag } = flags.parse(options);
      const { exportTo } = await import('./transfer.ts');
      await exportTo(file ?? null, workspace, what, tag ?? null);
    });
  return what === 'contact' ? command.option('--tag <tag>', 'only those that have it') : command;
}
