import type { ImportResult } from '../../bulk/import.ts';

const mostShown = 20;

/** What an import came to, for people. */
export function described({
  isTaken,
  read,
  inserted,
  updated,
  unchanged,
  duplicates,
  rejected,
  errors,
}: ImportResult): string {
  const counts = { read, inserted, updated, unchanged, duplicates, rejected };
  const sums = Object.entries(counts).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  const shown = errors
    .slice(0, mostShown)
    .map(({ line, reason, column }) => `  line ${line}: ${column ? `${column}: ` : ''}${reason}`);
  const more = rejected > shown.length ? [`  … and ${(rejected - shown.length).toLocaleString('en')} more`] : [];
  return [
    isTaken ? `Rows: ${sums.join(', ')}.` : `Nothing was taken. Rows: ${sums.join(', ')}.`,
    ...shown,
    ...more,
    '',
  ].join('\n');
}
