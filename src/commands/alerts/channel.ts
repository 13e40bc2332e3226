import { Command } from 'commander';
import { addChannel } from './channel_add.ts';
import { listChannels } from './channel_list.ts';
import { removeChannelCommand } from './channel_remove.ts';
import { testChannelCommand } from './channel_test.ts';

export const channel = new Command('channel')
  .description('look after those who are told of alerts')
  .addCommand(addChannel)
  .addCommand(listChannels)
  .addCommand(testChannelCommand)
  .addCommand(removeChannelCommand);
