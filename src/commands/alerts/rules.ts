import { Command } from 'commander';
import { type AlertRule, alertRules } from '../../database/alerts/rules.ts';
import { columns } from '../ops/lines.ts';
import { withInstallationDatabase } from '../with_database.ts';

export const rules = new Command('rules')
  .description('what is watched, and from when on it alerts; docs/alerts.md says what each means')
  .option('--json', 'as one JSON array')
  .action(async ({ json }: { json?: true }) => {
    const found = await withInstallationDatabase('postilion alerts', alertRules);
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : tableOf(found));
  });

const titles = ['kind', 'warning', 'critical', 'within', 'from', 'action'];

/** In 80 columns. */
export function tableOf(found: readonly AlertRule[]): string {
  return `${columns([titles, ...found.map(shown)]).join('\n')}\n`;
}

function shown(rule: AlertRule): string[] {
  const { kind, warningAt, criticalAt, windowMinutes, minimumVolume, action, isEnabled } = rule;
  if (!isEnabled) return [kind, 'off', '', '', '', ''];
  return [
    kind,
    threshold(rule, warningAt),
    threshold(rule, criticalAt),
    windowMinutes % 60 === 0 ? `${windowMinutes / 60} h` : `${windowMinutes} min`,
    minimumVolume === 0 ? '-' : String(minimumVolume),
    action === 'none' ? '-' : action,
  ];
}

function threshold({ isFloor, unit }: AlertRule, at: number | null): string {
  if (at === null) return '-';
  return unit === 'yes' ? 'yes' : `${isFloor ? '<' : '≥'} ${at} ${unit}`;
}
