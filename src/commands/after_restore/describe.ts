import type { HeldTask } from '../../database/restore/after_restore.ts';
import type { Left } from '../../database/restore/left_of_tasks.ts';
import { table } from '../table.ts';
import type { Asked } from './ask_providers.ts';

export interface Restored {
  readonly tasks: readonly (HeldTask & Left)[];
  /** Null: providers were not asked. */
  readonly asked: Asked | null;
  readonly stopped: boolean;
}

export function describe({ tasks, asked, stopped }: Restored): string {
  const lines = ['Workers may send from this database now.', '', ...held(tasks)];
  if (asked !== null) lines.push('', ...answers(asked));
  if (stopped)
    lines.push('', 'Sending is still stopped. When the Tasks are as you want them: mutation { startSending }');
  return `${lines.join('\n')}\n`;
}

function held(tasks: readonly (HeldTask & Left)[]): string[] {
  if (tasks.length === 0) return ['No Task was under way.'];
  const rows = tasks.map(({ name, taskId, was, is, pending, uncertain }) => ({
    task: name,
    id: taskId,
    was,
    is,
    pending: String(pending),
    uncertain: String(uncertain),
  }));
  return [
    table(rows).trimEnd(),
    '',
    'Pending mails of a paused Task may have been sent since the copy was made. Resume it, and those go out a second time; cancel it, and',
    'those that were not sent never are. A Task that failed, or is a draft again, may have been sent since, too: look before you schedule it.',
  ];
}

function answers({ settled, silent }: Asked): string[] {
  const found = `The providers' records explain ${settled} pending mails: they were sent.`;
  if (silent.length === 0)
    return [found, 'All services were asked. What is pending was not sent, as far as the records go.'];
  return [found, 'Nobody knows what these sent:', ...silent.map(({ service, reason }) => `  ${service}: ${reason}`)];
}
