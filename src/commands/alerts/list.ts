import { type OpenAlert, openAlerts } from '../../database/alerts/open_alerts.ts';
import { indented, paint } from '../ops/lines.ts';
import { minute } from '../table.ts';
import { withInstallationDatabase } from '../with_database.ts';

const styles = { info: 'blue', warning: 'yellow', critical: 'red' } as const;
const indent = 'critical'.length + 2;

export async function showAlerts({ json }: { json?: true }): Promise<void> {
  const open = await withInstallationDatabase('postilion alerts', openAlerts);
  process.stdout.write(json ? `${JSON.stringify(open)}\n` : described(open));
}

/** The gravest first; what was done and what to do below each. */
export function described(open: readonly OpenAlert[]): string {
  if (open.length === 0) return 'No alert is open.\n';
  return `${open.map(describe).join('\n\n')}\n\nSeen one? It is not told again after: postilion alerts ack <id>\n`;
}

function describe({ id, rule, severity, message, remedy, actionTaken, openedAt, acknowledgedAt }: OpenAlert): string {
  const head = `${paint(styles[severity], severity.padEnd(indent))}${paint('bold', rule)}  ${id.slice(0, 8)}  since ${minute(openedAt)}`;
  const lines = [
    acknowledgedAt === null ? head : `${head}, seen`,
    below(message),
    ...(actionTaken === null ? [] : [below(`Done: ${actionTaken}`)]),
    ...(remedy === null ? [] : [`${' '.repeat(indent)}${paint('bold', '→')} ${indented(remedy, indent + 2)}`]),
  ];
  return lines.join('\n');
}

function below(text: string): string {
  return `${' '.repeat(indent)}${indented(text, indent)}`;
}
