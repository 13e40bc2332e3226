// Which days a report is of.
import { ConfigError } from '../config.ts';

export const spans = { day: 1, week: 7, month: 30 } as const;
export type Span = keyof typeof spans;

export interface Asked {
  readonly span: Span;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const dayMs = 86_400_000;

/**
 * The whole days asked for: by default so many up to yesterday. With `from` alone, from there to yesterday (or that day, if it is today); with
 * `to` alone, so many up to it.
 * @param today the day it is, as 2026-01-31
 * @throws ConfigError naming the option
 */
export function periodOf({ span, from, to }: Asked, today: string): { from: string; to: string } {
  const yesterday = shifted(today, -1);
  const last = to ?? (from !== undefined && from > yesterday ? from : yesterday);
  const first = from ?? shifted(last, 1 - spans[span]);
  if (first > last) throw new ConfigError('--to: expected a day not before --from');
  return { from: first, to: last };
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}
