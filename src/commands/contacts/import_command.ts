import { Command, Option } from 'commander';
import { z } from 'zod';
import type { Imported } from '../../database/bulk/staged_import.ts';

const flags = z.object({
  workspace: z.string(),
  map: z.array(z.string()).default([]),
  tags: z.string().default(''),
  delimiter: z.enum(['comma', 'semicolon', 'tab']).optional(),
  strict: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** The verb `import` of contacts, or of suppressed addresses. */
export function importCommand(what: Imported, description: string): Command {
  const command = new Command('import')
    .description(description)
    .argument('<file>', 'a CSV file with a first line of names, or - for standard input')
    .requiredOption('--workspace <name>', 'its name or id')
    .option('--map <pairs...>', 'rename columns: Mail:email; nothing behind the colon leaves one out')
    .addOption(new Option('--delimiter <name>', 'default: found out').choices(['comma', 'semicolon', 'tab']))
    .option('--strict', 'take nothing if one row is bad')
    .option('--json', 'print what it came to as one JSON object')
    .action((file: string, options: unknown) => run(what, file, options));
  return what === 'contact' ? command.option('--tags <list>', 'tags for every contact, between commas') : command;
}

async function run(what: Imported, file: string, options: unknown): Promise<void> {
  const { workspace, map, tags, delimiter, strict, json } = flags.parse(options);
  const { parseColumnNames } = await import('../../bulk/columns.ts');
  const { tagList } = await import('../../bulk/tag_cell.ts');
  const { importFrom } = await import('./transfer.ts');
  const { described } = await import('./described.ts');
  const chosen = {
    names: parseColumnNames(map),
    tags: tagList([tags]),
    delimiter: delimiter ?? null,
    isStrict: strict,
  };
  const { isTaken, ...result } = await importFrom(file, workspace, { what, ...chosen }, json);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : described({ isTaken, ...result }));
  if (!isTaken) process.exitCode = 1;
}
