import { Command } from 'commander';
import { allUsers, type User } from '../../database/access/users.ts';
import { minute, table } from '../table.ts';
import { withInstallationDatabase } from '../with_database.ts';

export const listUsers = new Command('list')
  .description('who may sign in')
  .option('--json', 'as one JSON array')
  .action(async ({ json }: { json?: true }) => {
    const users = await withInstallationDatabase('postilion user', allUsers);
    process.stdout.write(json ? `${JSON.stringify(users)}\n` : table(users.map(shown)));
  });

function shown({ id, email, name, isAdmin, isDisabled, createdAt }: User) {
  return {
    id,
    address: email,
    name,
    admin: isAdmin ? 'yes' : 'no',
    disabled: isDisabled ? 'yes' : 'no',
    created: minute(createdAt),
  };
}
