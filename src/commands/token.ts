import { Command } from 'commander';
import { createToken } from './token/create.ts';
import { listTokens } from './token/list.ts';
import { revokeToken } from './token/revoke.ts';

export const token = new Command('token')
  .description('look after the API tokens of programs')
  .addCommand(createToken)
  .addCommand(listTokens)
  .addCommand(revokeToken);
