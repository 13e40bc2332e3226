import { Command } from 'commander';
import { type ApiToken, allApiTokens } from '../../database/access/api_tokens.ts';
import { minute, table } from '../table.ts';
import { withInstallationDatabase } from '../with_database.ts';

export const listTokens = new Command('list')
  .description('which there are; what they are is known to nobody')
  .option('--json', 'as one JSON array')
  .action(async ({ json }: { json?: true }) => {
    const tokens = await withInstallationDatabase('postilion token', allApiTokens);
    process.stdout.write(json ? `${JSON.stringify(tokens)}\n` : table(tokens.map(shown)));
  });

function shown({ id, name, email, role, isAdmin, workspace, expiresAt, lastUsedAt, revokedAt }: ApiToken) {
  return {
    id,
    name,
    user: email,
    role: isAdmin ? 'admin' : role,
    workspace,
    expires: minute(expiresAt),
    used: minute(lastUsedAt),
    revoked: minute(revokedAt),
  };
}
