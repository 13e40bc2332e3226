import { Command } from 'commander';
import { type Delivered, deliver } from '../../alerts/deliver.ts';
import { Reach } from '../../alerts/reach.ts';
import { testChannel } from '../../database/alerts/channels.ts';
import { channelNamed } from './channel_named.ts';
import { withSecret } from './with_secret.ts';

export const testChannelCommand = new Command('test')
  .description('send a message that says that it is a test, from here and now; exits with 1 when it is not taken')
  .argument('<channel>', 'its name or id')
  .option('--json', 'print what came of it as one JSON array')
  .action(async (asked: string, { json }: { json?: true }) => {
    const results = await withSecret(async (db, { config, secret, log }) => {
      const { id } = await channelNamed(db, asked);
      await testChannel(db, id);
      return deliver({ db, secret, log, reach: new Reach(config.ALERT_WEBHOOK_NETWORKS) }, id);
    });
    process.stdout.write(json ? `${JSON.stringify(results)}\n` : results.map(described).join(''));
    if (results.some(({ error }) => error !== null)) process.exitCode = 1;
  });

function described({ channel, address, error }: Delivered): string {
  const to = address === null ? channel : `${channel}, ${address}`;
  return error === null ? `${to}: taken\n` : `${to}: not taken: ${error}\n`;
}
