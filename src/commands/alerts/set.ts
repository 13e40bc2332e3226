import { Argument, Command } from 'commander';
import { type AlertRule, type Setting, setAlertRule, settable } from '../../database/alerts/rules.ts';
import { Fault } from '../../server/errors.ts';
import { withInstallationDatabase } from '../with_database.ts';
import { tableOf } from './rules.ts';

export const setRule = new Command('set')
  .description('change one setting of a rule')
  .argument('<kind>', 'of the rule, see rules')
  .addArgument(new Argument('<setting>', 'what to change').choices(Object.keys(settable)))
  .argument(
    '<value>',
    'a number; none, pause_task or freeze_service; true or false; for a threshold "off" takes it away',
  )
  .option('--json', 'print the rule as one JSON object')
  .action(async (kind: string, setting: Setting, value: string, { json }: { json?: true }) => {
    const rule = await withInstallationDatabase('postilion alerts', (db) =>
      setAlertRule(db, kind, setting, value === 'off' ? null : value),
    );
    if (rule === null)
      throw new Fault('NTFND', `there is no rule ${JSON.stringify(kind)}; postilion alerts rules lists them`);
    process.stdout.write(json ? `${JSON.stringify(rule satisfies AlertRule)}\n` : tableOf([rule]));
  });
