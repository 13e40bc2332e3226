import { Command } from 'commander';
import { z } from 'zod';
import { setPassword } from '../../database/access/set_password.ts';
import { withInstallationDatabase } from '../with_database.ts';
import { userNamed } from './find.ts';

const flags = z.object({ generate: z.boolean().default(false), json: z.boolean().default(false) });

export const resetPassword = new Command('reset-password')
  .description('set a new password, which is asked for or read from standard input, and end all sessions')
  .argument('<user>', 'address or id')
  .option('--generate', 'makes a password and prints it, once')
  .option('--json', 'print what was done as one JSON object')
  .action(async (asked: string, options: unknown) => {
    const { generate, json } = flags.parse(options);
    const { choosePassword } = await import('./password.ts');
    const { hash, generated } = await choosePassword(generate);
    const { id, email } = await withInstallationDatabase('postilion user', async (db) => {
      const user = await userNamed(db, asked);
      await setPassword(db, user.id, hash, null, null);
      return user;
    });
    const done = { id, email, ...(generated !== null && { password: generated }) };
    process.stdout.write(json ? `${JSON.stringify(done)}\n` : describe(email, generated));
  });

function describe(email: string, password: string | null): string {
  const done = `${email} has a new password, and every session has ended.`;
  return password === null ? `${done}\n` : `${done} It is not shown again: ${password}\n`;
}
