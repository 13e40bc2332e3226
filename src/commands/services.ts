import { Command } from 'commander';
import { checkServices } from './services/check.ts';
import { listServices } from './services/list.ts';

export const services = new Command('services')
  .description('the sending services, and whether their domains are in order')
  .addCommand(listServices, { isDefault: true })
  .addCommand(checkServices);
