import type { Top, TopTask } from '../../database/reports/read_top.ts';
import { fit, short, shortSpan } from './cells.ts';
import type { Paint, View } from './frame.ts';

const widths = { share: 5, left: 6, perMinute: 6, end: 9, failed: 6, doubt: 5 };
const gap = ' ';
const others = Object.values(widths).reduce((sum, width) => sum + width + gap.length, gap.length);
const shortestBar = 10;
const longestBar = 40;
const leastName = 18;

/** What is wider than needed goes to the bar, then to the name. */
function split(columns: number): { name: number; bar: number } {
  const room = Math.max(columns - others, leastName);
  const bar = Math.min(Math.max(Math.floor((room - leastName) * 0.75), shortestBar), longestBar);
  return { name: room - bar, bar };
}

export function taskTitle({ paint, columns }: View): string {
  const { name, bar } = split(columns);
  const titles = [fit('TASK', name), fit('', bar), ...numbers(['DONE', 'LEFT', '/MIN', 'READY IN', 'FAILED', 'DOUBT'])];
  return paint('dim', titles.join(gap));
}

export function taskLines({ tasks }: Top, view: View): string[] {
  return tasks.map((task) => taskLine(task, view));
}

function taskLine(task: TopTask, { paint, columns }: View): string {
  const { name, bar } = split(columns);
  const { total, left, failed, uncertain, perMinute } = task;
  const done = total === 0 ? 0 : Math.min(Math.max((total - left) / total, 0), 1);
  const percent = total === 0 ? '' : `${Math.floor(done * 100)} %`;
  const rate = perMinute === null || perMinute === 0 ? '' : short(Math.max(perMinute, 1));
  const [share = '', waiting = '', pace = '', end = '', failures = '', doubts = ''] = numbers([
    percent,
    short(left),
    rate,
    endWords(task),
    short(failed),
    short(uncertain),
  ]);
  return [
    fit(task.name, name),
    progressBar(done, bar, paint),
    share,
    waiting,
    pace,
    task.limiting === 'nothing may send' ? paint('red', end) : end,
    failed > 0 ? paint('yellow', failures) : failures,
    uncertain > 0 ? paint('yellow', doubts) : doubts,
  ].join(gap);
}

function numbers(cells: readonly string[]): string[] {
  return Object.values(widths).map((width, index) => fit(cells[index] ?? '', width, 'right'));
}

/** Two shades of one letter, so that it is read without colour. */
function progressBar(done: number, width: number, paint: Paint): string {
  const full = Math.floor(done * width);
  return paint('cyan', '█'.repeat(full)) + paint('dim', '░'.repeat(width - full));
}

function endWords({ status, doneInMs, limiting, left }: TopTask): string {
  if (status !== 'queued' && status !== 'sending') return status;
  if (limiting === 'nothing may send') return 'blocked';
  if (doneInMs !== null) return left === 0 ? 'now' : shortSpan(doneInMs);
  return limiting === null ? '' : 'never';
}
