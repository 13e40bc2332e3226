import { Command, Option } from 'commander';
import { z } from 'zod';
import { createApiToken } from '../../database/access/create_api_token.ts';
import { memberRoles } from '../../database/access/session_claims.ts';
import { newToken } from '../../server/access/tokens.ts';
import { userNamed } from '../user/find.ts';
import { withInstallationDatabase } from '../with_database.ts';

const msPerDay = 86_400_000;

const flags = z.object({
  name: z.string(),
  role: z.enum(memberRoles),
  workspace: z.uuid('--workspace: expected an id').optional(),
  admin: z.boolean().default(false),
  days: z.coerce.number('--days: expected a number').positive().max(36_500).optional(),
  json: z.boolean().default(false),
});

export const createToken = new Command('create')
  .description('make an API token of a user and print it, once')
  .argument('<user>', 'address or id')
  .requiredOption('--name <name>', 'what it is for, to be known by')
  .addOption(new Option('--role <role>', 'the most it may do').choices([...memberRoles]).default('viewer'))
  .option('--workspace <id>', "the only one it is for; default: all of its user's")
  .option('--admin', 'may run the installation, as its user may; with the role of a manager everywhere')
  .option('--days <count>', 'how long it lives; default: until it is revoked')
  .option('--json', 'print what was made as one JSON object')
  .action(async (asked: string, options: unknown) => {
    const { name, role, workspace, admin, days, json } = flags.parse(options);
    const { text, hash } = newToken('api');
    const id = await withInstallationDatabase('postilion token', async (db) =>
      createApiToken(db, {
        userId: (await userNamed(db, asked)).id,
        name,
        role: admin ? 'manager' : role,
        workspaceId: workspace ?? null,
        isAdmin: admin,
        hash,
        expiresAt: days === undefined ? null : new Date(Date.now() + days * msPerDay),
      }),
    );
    process.stdout.write(json ? `${JSON.stringify({ id, token: text })}\n` : `${text}\n`);
  });
