import { Command } from 'commander';
import { exportCommand } from './contacts/export_command.ts';
import { importCommand } from './contacts/import_command.ts';
import { byHand } from './suppressions/by_hand.ts';

export const suppressions = new Command('suppressions')
  .description('addresses that a workspace must not write to')
  .addCommand(importCommand('suppression', 'suppress the addresses of a CSV file'))
  .addCommand(exportCommand('suppression', 'write the suppressed addresses'))
  .addCommand(byHand('add', 'never write to an address again'))
  .addCommand(byHand('lift', 'write to an address again, whatever suppressed it'));
