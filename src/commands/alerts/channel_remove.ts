import { Command } from 'commander';
import { removeChannel } from '../../database/alerts/channels.ts';
import { Fault } from '../../server/errors.ts';
import { withInstallationDatabase } from '../with_database.ts';
import { channelNamed } from './channel_named.ts';

export const removeChannelCommand = new Command('remove')
  .description('take a channel away, with what waits for it')
  .argument('<channel>', 'its name or id')
  .option('--json', 'print what was done as one JSON object')
  .action(async (asked: string, { json }: { json?: true }) => {
    const { id, name } = await withInstallationDatabase('postilion alerts', async (db) => {
      const found = await channelNamed(db, asked);
      if (found.kind === 'log') throw new Fault('BADIN', 'the log is always a channel');
      await removeChannel(db, found.id);
      return found;
    });
    process.stdout.write(json ? `${JSON.stringify({ id })}\n` : `Removed ${name}.\n`);
  });
