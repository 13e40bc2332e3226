import { Command } from 'commander';
import { exportCommand } from './contacts/export_command.ts';
import { importCommand } from './contacts/import_command.ts';

export const contacts = new Command('contacts')
  .description('contacts as CSV files, in and out')
  .addCommand(importCommand('contact', 'add and update contacts'))
  .addCommand(exportCommand('contact', 'write contacts, so that they can be imported again'));
