import { Command } from 'commander';
import { z } from 'zod';
import { revokeApiToken } from '../../database/access/revoke_api_token.ts';
import { Fault } from '../../server/errors.ts';
import { withInstallationDatabase } from '../with_database.ts';

export const revokeToken = new Command('revoke')
  .description('end an API token: servers refuse it within two seconds')
  .argument('<id>', 'of the token, see list')
  .option('--json', 'print what was done as one JSON object')
  .action(async (id: string, { json }: { json?: true }) => {
    if (!z.uuid().safeParse(id).success) throw new Fault('BADIN', `${JSON.stringify(id)} is no id of a token`);
    await withInstallationDatabase('postilion token', (db) => revokeApiToken(db, id));
    process.stdout.write(json ? `${JSON.stringify({ id })}\n` : `Revoked ${id}.\n`);
  });
