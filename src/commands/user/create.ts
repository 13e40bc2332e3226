import { Command } from 'commander';
import { z } from 'zod';
import { createUser as storeUser } from '../../database/access/create_user.ts';
import { withInstallationDatabase } from '../with_database.ts';

const flags = z.object({
  name: z.string().optional(),
  admin: z.boolean().default(false),
  generate: z.boolean().default(false),
  json: z.boolean().default(false),
});

export const createUser = new Command('create')
  .description('create a user; the password is asked for, or read from standard input')
  .argument('<email>', 'what they sign in with')
  .option('--name <name>', 'how they are called; default: the address')
  .option('--admin', 'runs the installation')
  .option('--generate', 'makes a password and prints it, once')
  .option('--json', 'print what was made as one JSON object')
  .action(async (email: string, options: unknown) => {
    const { name = email, admin, generate, json } = flags.parse(options);
    const { choosePassword } = await import('./password.ts');
    const { hash, generated } = await choosePassword(generate);
    const user = await withInstallationDatabase('postilion user', (db) =>
      storeUser(db, { email, name, passwordHash: hash, isAdmin: admin }),
    );
    const made = { ...user, isAdmin: admin, ...(generated !== null && { password: generated }) };
    process.stdout.write(json ? `${JSON.stringify(made)}\n` : describe(user.email, generated));
  });

function describe(email: string, password: string | null): string {
  return password === null ? `Created ${email}.\n` : `Created ${email}. The password is not shown again: ${password}\n`;
}
