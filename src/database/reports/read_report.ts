import type { Queryable } from '../pool.ts';
import { type Report, report } from './report.ts';

export interface Period {
  /** First and last day, as 2026-01-31. */
  readonly from: string;
  readonly to: string;
  /** Whose days. */
  readonly timezone: string;
}

/**
 * A report of whole days. As postilion_operator.
 * @throws BADIN naming the field
 */
export async function readReport(db: Queryable, { from, to, timezone }: Period): Promise<Report> {
  const { rows } = await db.query<{ report: unknown }>('select ops.read_report($1, $2, $3) as report', [
    from,
    to,
    timezone,
  ]);
  return report.parse(rows[0]?.report);
}

/** Which day it is there, by the time of the queue. */
export async function today(db: Queryable, timezone: string): Promise<string> {
  const { rows } = await db.query<{ today: string }>('select ops.report_today($1)::text as today', [timezone]);
  return rows[0]?.today ?? '';
}
