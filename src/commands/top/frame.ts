// One frame of the view: pure, so that what is seen can be tested without a terminal.
import type { Top } from '../../database/reports/read_top.ts';
import { fit, short, shortSpan } from './cells.ts';
import { serviceLines, serviceTitle } from './service_lines.ts';
import { taskLines, taskTitle } from './task_lines.ts';

export type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', text: string) => string;

export interface View {
  readonly columns: number;
  /** Infinity where there is no end. */
  readonly rows: number;
  readonly paint: Paint;
  /** Shown at the bottom: what keeps the view from being new. */
  readonly problem: string | null;
}

/** At most `rows` lines of at most `columns` columns. What does not fit is counted. */
export function frame(top: Top, view: View): string[] {
  const { paint, columns } = view;
  const alerts = alertLines(top, view);
  const foot = view.problem === null ? [] : [paint('red', fit(view.problem, columns))];
  const fixed = 5 + alerts.length + foot.length;
  const room = Math.max(view.rows - fixed, 2);
  const tasks = taskLines(top, view);
  const services = serviceLines(top, view);
  // Each has half; what one does not need is the other's.
  const forServices = Math.min(services.length, Math.max(Math.floor(room / 2), room - tasks.length));
  return [
    headLine(top, view),
    '',
    serviceTitle(view),
    ...shortened(services, forServices, top.serviceCount - top.services.length, view),
    '',
    taskTitle(view),
    ...shortened(tasks, room - forServices, Math.max(top.taskCount - top.tasks.length, 0), view),
    ...alerts,
    ...foot,
  ].slice(0, view.rows);
}

function headLine({ at, workers, inbox, alertCount, taskCount }: Top, { paint, columns }: View): string {
  const waiting = inbox.waiting > 10_000 ? 'over 10,000' : short(inbox.waiting);
  const late =
    inbox.waiting > 0 && inbox.oldestMs !== null && inbox.oldestMs > 10_000 ? ` for ${shortSpan(inbox.oldestMs)}` : '';
  const facts = `${workers === 0 ? 'NO WORKER' : `workers ${workers}`}   Tasks ${taskCount}   inbox ${waiting}${late}   alerts ${alertCount}`;
  const clock = `${at.slice(11, 19)} UTC`;
  const title = 'postilion top';
  const middle = fit(`   ${facts}`, columns - title.length - clock.length);
  const isWell = workers > 0 && alertCount === 0;
  return paint('bold', title) + (isWell ? middle : paint('yellow', middle)) + paint('dim', clock);
}

function shortened(lines: readonly string[], room: number, elsewhere: number, { paint, columns }: View): string[] {
  if (lines.length === 0) return [paint('dim', fit('none', columns))];
  if (lines.length <= room && elsewhere === 0) return [...lines];
  const shown = lines.slice(0, Math.max(room - 1, 0));
  return [...shown, paint('dim', fit(`… ${lines.length - shown.length + elsewhere} more`, columns))];
}

const colours = { critical: 'red', warning: 'yellow', info: 'cyan' } as const;

function alertLines({ alerts, alertCount }: Top, { paint, columns }: View): string[] {
  if (alerts.length === 0) return [];
  const lines = alerts.map(({ severity, message, sinceMs, isAcknowledged }) => {
    const style = severity === 'critical' || severity === 'warning' ? severity : 'info';
    const since = sinceMs === null ? '' : ` (${shortSpan(sinceMs)}${isAcknowledged ? ', seen' : ''})`;
    const head = fit(severity, 10);
    return paint(colours[style], head) + fit(`${message}${since}`, columns - head.length);
  });
  const more = alertCount > alerts.length ? [paint('dim', fit(`… ${alertCount - alerts.length} more`, columns))] : [];
  return ['', paint('dim', fit('ALERTS', columns)), ...lines, ...more];
}
