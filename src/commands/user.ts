import { Command } from 'commander';
import { createUser } from './user/create.ts';
import { disableUser, enableUser } from './user/disable.ts';
import { listUsers } from './user/list.ts';
import { resetPassword } from './user/reset_password.ts';

export const user = new Command('user')
  .description('look after the people who sign in')
  .addCommand(createUser)
  .addCommand(listUsers)
  .addCommand(resetPassword)
  .addCommand(disableUser)
  .addCommand(enableUser);
