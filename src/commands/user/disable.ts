import { Command } from 'commander';
import { setUserDisabled } from '../../database/access/set_user_disabled.ts';
import { withInstallationDatabase } from '../with_database.ts';
import { userNamed } from './find.ts';

export const disableUser = command('disable', 'shut a user out, at once: sessions end, tokens are refused', true);
export const enableUser = command('enable', 'let a user in again', false);

function command(name: string, description: string, isDisabled: boolean): Command {
  return new Command(name)
    .description(description)
    .argument('<user>', 'address or id')
    .option('--json', 'print what was done as one JSON object')
    .action(async (asked: string, { json }: { json?: true }) => {
      const { id, email } = await withInstallationDatabase('postilion user', async (db) => {
        const user = await userNamed(db, asked);
        await setUserDisabled(db, user.id, isDisabled);
        return user;
      });
      process.stdout.write(json ? `${JSON.stringify({ id, email, isDisabled })}\n` : `${email}: ${name}d.\n`);
    });
}
