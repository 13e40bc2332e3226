import type { ParsedCronItem } from 'graphile-worker';
import { Gauge, type Registry } from 'prom-client';

const minuteMs = 60_000;
/** Of a crontab, nothing happens less often than once a week but what is by the day of the month. */
const minutesAWeek = 7 * 24 * 60;
const monthSeconds = 31 * 86_400;

/** How far apart the runs of each handler are, so that one rule can tell of any that it is late. */
export function measureCrontab(registry: Registry, items: readonly ParsedCronItem[]): void {
  const interval = new Gauge({
    name: 'postilion_cron_interval_seconds',
    help: 'The longest time between two runs of a handler, by the crontab.',
    labelNames: ['handler'],
    registers: [registry],
  });
  for (const item of items) interval.set({ handler: item.task }, longestInterval(item));
}

/** In seconds. */
export function longestInterval({ match }: ParsedCronItem): number {
  const runs = minutesOfAWeek().flatMap((minute, number) => (match(minute) ? [number] : []));
  const [first] = runs;
  if (first === undefined) return monthSeconds;
  const gaps = runs.map((run, place) => (runs[place + 1] ?? first + minutesAWeek) - run);
  return Math.max(...gaps) * 60;
}

function minutesOfAWeek() {
  return Array.from({ length: minutesAWeek }, (_, number) => {
    const at = new Date(number * minuteMs);
    return {
      min: at.getUTCMinutes(),
      hour: at.getUTCHours(),
      date: at.getUTCDate(),
      month: at.getUTCMonth() + 1,
      dow: at.getUTCDay(),
    };
  });
}
