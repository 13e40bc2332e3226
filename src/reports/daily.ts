// The report of a day as it is kept, and as somebody may be sent it.
import type { Report } from '../database/reports/report.ts';
import { composeReport, titleOf } from './compose.ts';
import type { Finding } from './findings.ts';
import { htmlReport } from './html.ts';
import { markdownReport } from './markdown.ts';

export interface DailyReport {
  readonly report: Report;
  readonly findings: readonly Finding[];
}

export interface ReportMessage {
  readonly subject: string;
  /** Markdown, which reads as plain text. */
  readonly text: string;
  readonly html: string;
}

/** What to send to whoever wants the report of each day. The subject tells whether it must be read. */
export function reportMessage({ report, findings }: DailyReport): ReportMessage {
  const bad = findings.filter(({ tone }) => tone === 'bad').length;
  const document = composeReport(report);
  return {
    subject: `${titleOf(report)}: ${bad === 0 ? 'nothing to look at' : `${bad} to look at`}`,
    text: markdownReport(document),
    html: htmlReport(document),
  };
}
