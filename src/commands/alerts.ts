import { Command } from 'commander';
import { acknowledge } from './alerts/acknowledge.ts';
import { channel } from './alerts/channel.ts';
import { showAlerts } from './alerts/list.ts';
import { rules } from './alerts/rules.ts';
import { setRule } from './alerts/set.ts';

export const alerts = new Command('alerts')
  .description('list the open alerts; see to their rules and to who is told')
  .option('--json', 'as one JSON array')
  .action(showAlerts)
  .addCommand(acknowledge)
  .addCommand(rules)
  .addCommand(setRule)
  .addCommand(channel);
