import type pg from 'pg';
import type { BenchDatabase } from '../support/database.ts';
import type { Figure } from '../support/report.ts';

/** What every measurement is given: a database whose queue is empty. */
export interface Stage {
  readonly url: string;
  readonly pool: pg.Pool;
  /** One more, migrated and empty, for what is compared side by side. */
  beside(): Promise<BenchDatabase>;
  readonly quick: boolean;
  /** How long a rate is measured. */
  readonly seconds: number;
}

export type Figures = Record<string, Figure>;
export type Measurement = (stage: Stage) => Promise<Figures>;

/** A measured value beside what limits it. Met when value ÷ limit is at least `least`. */
export function ofLimit(value: number, limit: number, unit: string, least: number, goal = `ratio ≥ ${least}`): Figure {
  const ratio = value / limit;
  return { value, unit, limit, ratio, goal, met: ratio >= least };
}

/** Met when value ÷ limit is at most `most`. */
export function timesLimit(value: number, limit: number, unit: string, most: number, goal: string): Figure {
  const ratio = value / limit;
  return { value, unit, limit, ratio, goal, met: ratio <= most };
}

export function atLeast(value: number, unit: string, least: number): Figure {
  return { value, unit, goal: `≥ ${least} ${unit}`, met: value >= least };
}

export function atMost(value: number, unit: string, most: number): Figure {
  return { value, unit, goal: `≤ ${most} ${unit}`, met: value <= most };
}

export function none(value: number): Figure {
  return { value, unit: '', goal: '0', met: value === 0 };
}
