import type { Top, TopService } from '../../database/reports/read_top.ts';
import { fit, short, shortSpan } from './cells.ts';
import type { Paint, View } from './frame.ts';

const widths = { state: 9, next: 7, last: 9, pace: 10, today: 13, ok: 5 };
const gap = ' ';
const others = Object.values(widths).reduce((sum, width) => sum + width + gap.length, 0);

const styles: Readonly<Record<string, Parameters<Paint>[0]>> = {
  sending: 'green',
  frozen: 'red',
  stopped: 'red',
  exhausted: 'yellow',
  disabled: 'dim',
  'no work': 'dim',
};

export function serviceTitle({ paint, columns }: View): string {
  return paint('dim', row(['SERVICE', 'STATE', 'NEXT', 'LAST', 'PACE', 'TODAY', 'OK'], columns).join(gap));
}

/** A line for each service, beneath it why it is frozen. */
export function serviceLines({ services }: Top, view: View): string[] {
  return services.flatMap((service) => [serviceLine(service, view), ...reasonLine(service, view)]);
}

function serviceLine(service: TopService, { paint, columns }: View): string {
  const { name, activity, nextInMs, usedToday, quota, accepted, lastOutcome } = service;
  const next = nextInMs !== null ? shortSpan(nextInMs) : activity === 'waiting' ? 'now' : '';
  const today = quota === null ? short(usedToday) : `${short(usedToday)}/${short(quota)}`;
  const ok = lastOutcome === null && usedToday === 0 ? '' : `${Math.floor(accepted * 100)} %`;
  const [first = '', state = '', ...rest] = row(
    [name, activity, next, lastWords(service), paceWords(service), today, ok],
    columns,
  );
  const style = styles[activity];
  const isPoor = accepted < 0.95;
  const tail = rest.map((cell, index) => (index === rest.length - 1 && isPoor ? paint('yellow', cell) : cell));
  return [first, style === undefined ? state : paint(style, state), ...tail].join(gap);
}

function row(
  [name = '', state = '', next = '', last = '', pace = '', today = '', ok = '']: readonly string[],
  columns: number,
): string[] {
  return [
    fit(name, Math.max(columns - others, 8)),
    fit(state, widths.state),
    fit(next, widths.next, 'right'),
    fit(last, widths.last, 'right'),
    fit(pace, widths.pace, 'right'),
    fit(today, widths.today, 'right'),
    fit(ok, widths.ok, 'right'),
  ];
}

function reasonLine({ reason }: TopService, { paint, columns }: View): string[] {
  return reason === null ? [] : [paint('red', fit(`  └ ${reason}`, columns))];
}

const marks: Readonly<Record<string, string>> = {
  sent: '✓',
  failed: '✗',
  uncertain: '?',
  pending: '↻',
  cancelled: '–',
};

/** What came of the last hand-over, and how long ago. */
function lastWords({ lastAgoMs, lastOutcome }: TopService): string {
  if (lastOutcome === null) return '';
  return `${marks[lastOutcome] ?? lastOutcome} ${lastAgoMs === null ? '' : shortSpan(lastAgoMs)}`;
}

/** Paced: the interval. Rated: a second, and how many are under way of how many. */
function paceWords({ intervalMs, ratePerSecond, inFlight, maxInFlight }: TopService): string {
  if (intervalMs > 0) return `1/${intervalMs < 1_000 ? `${intervalMs} ms` : `${Math.round(intervalMs / 100) / 10} s`}`;
  return `${ratePerSecond === null ? '' : `${ratePerSecond}/s `}${inFlight}/${maxInFlight}`;
}
