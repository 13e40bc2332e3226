import { Command } from 'commander';
import { type AlertChannel, alertChannels } from '../../database/alerts/channels.ts';
import { minute, table } from '../table.ts';
import { withInstallationDatabase } from '../with_database.ts';

export const listChannels = new Command('list')
  .description('who is told, from what severity on, and what came of the last message')
  .option('--json', 'as one JSON array')
  .action(async ({ json }: { json?: true }) => {
    const channels = await withInstallationDatabase('postilion alerts', alertChannels);
    process.stdout.write(json ? `${JSON.stringify(channels)}\n` : table(channels.map(shown)));
  });

function shown({
  name,
  kind,
  host,
  addresses,
  service,
  minimumSeverity,
  lastSentAt,
  lastError,
  isEnabled,
}: AlertChannel) {
  const via = service ?? host;
  return {
    name,
    kind,
    to: addresses === null ? host : `${addresses.join(', ')} by ${via}`,
    from: isEnabled ? minimumSeverity : 'off',
    sent: minute(lastSentAt),
    error: lastError,
  };
}
