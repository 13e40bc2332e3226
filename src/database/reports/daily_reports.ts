// The reports of single days that are kept. As postilion_worker.
import type { Queryable } from '../pool.ts';
import { type Report, report } from './report.ts';

/** Days whose hours are all closed and that have no report yet, of the last seven. @throws BADIN for an unknown time zone */
export async function reportsDue(db: Queryable, timezone: string): Promise<string[]> {
  const { rows } = await db.query<{ day: string }>('select day::text from app_private.reports_due($1) as day', [
    timezone,
  ]);
  return rows.map(({ day }) => day);
}

export async function readDailyReport(db: Queryable, day: string, timezone: string): Promise<Report> {
  const { rows } = await db.query<{ report: unknown }>('select app_private.read_daily_report($1, $2) as report', [
    day,
    timezone,
  ]);
  return report.parse(rows[0]?.report);
}

/** @returns whether it is the first of its day: another that is there stays */
export async function keepReport(db: Queryable, kept: Report, findings: readonly unknown[]): Promise<boolean> {
  const { rows } = await db.query<{ is_first: boolean }>('select app_private.keep_report($1, $2, $3, $4) as is_first', [
    kept.from,
    kept.timezone,
    JSON.stringify(kept),
    JSON.stringify(findings),
  ]);
  return rows[0]?.is_first === true;
}

/** Deletes the reports of more than `days` days ago. @returns how many */
export async function forgetReports(db: Queryable, days: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.forget_reports($1) as count', [days]);
  return rows[0]?.count ?? 0;
}
