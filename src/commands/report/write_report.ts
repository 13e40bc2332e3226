import { writeFile } from 'node:fs/promises';
import { ConfigError } from '../../config.ts';
import { readReport, today } from '../../database/reports/read_report.ts';
import type { Report } from '../../database/reports/report.ts';
import { composeReport } from '../../reports/compose.ts';
import { findingsOf } from '../../reports/findings.ts';
import { htmlReport } from '../../reports/html.ts';
import { markdownReport } from '../../reports/markdown.ts';
import { type Asked, periodOf } from '../../reports/period.ts';
import { asOperator } from '../ops/as_operator.ts';
import { describeReport } from './describe_report.ts';

const formats = {
  text: (report: Report) => describeReport(composeReport(report)),
  md: (report: Report) => markdownReport(composeReport(report)),
  html: (report: Report) => htmlReport(composeReport(report)),
  json: (report: Report) => `${JSON.stringify({ ...report, findings: findingsOf(report) })}\n`,
};

interface Wanted extends Asked {
  readonly timezone?: string | undefined;
  readonly format: keyof typeof formats;
  /** A file; absent: standard output. */
  readonly out?: string | undefined;
}

/** @throws ConfigError, DatabaseUnusable, Fault */
export async function writeReport({ timezone, format, out, ...asked }: Wanted): Promise<void> {
  const report = await asOperator('report', async ({ db, config }) => {
    const zone = timezone ?? config.REPORT_TIMEZONE;
    return readReport(db, { ...periodOf(asked, await today(db, zone)), timezone: zone });
  });
  const text = formats[format](report);
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text).catch((error: Error) => refuse(out, error));
}

function refuse(out: string, { message }: Error): never {
  throw new ConfigError(`--out ${out}: it can not be written: ${message}`);
}
