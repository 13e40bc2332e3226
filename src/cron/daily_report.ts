import type { Task } from 'graphile-worker';
import { forgetReports, keepReport, readDailyReport, reportsDue } from '../database/reports/daily_reports.ts';
import type { DailyReport } from '../reports/daily.ts';
import { findingsOf } from '../reports/findings.ts';
import type { WorkerContext } from '../worker/context.ts';

export type ReportContext = Pick<WorkerContext, 'db' | 'log' | 'stopping'> & {
  readonly config: Pick<WorkerContext['config'], 'REPORT_TIMEZONE' | 'REPORT_DAYS'>;
};

export function dailyReport(context: ReportContext): Task {
  return async () => {
    await writeDueReports(context);
    await forgetReports(context.db, context.config.REPORT_DAYS);
  };
}

/**
 * Writes the report of each day that is over, once: whoever keeps it first has written it.
 * @returns those that this call wrote, for whoever delivers them (reportMessage)
 */
export async function writeDueReports({ db, config, log, stopping }: ReportContext): Promise<DailyReport[]> {
  const written: DailyReport[] = [];
  for (const day of await reportsDue(db, config.REPORT_TIMEZONE)) {
    if (stopping.aborted) break;
    const report = await readDailyReport(db, day, config.REPORT_TIMEZONE);
    const findings = findingsOf(report);
    if (!(await keepReport(db, report, findings))) continue;
    written.push({ report, findings });
    log.info(
      { day, sent: report.now?.sent ?? 0, findings: findings.map(({ text }) => text) },
      'wrote the report of a day',
    );
  }
  return written;
}
