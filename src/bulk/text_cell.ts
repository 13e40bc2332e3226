import type { CopyText } from './copy_text.ts';
import { NULL } from './copy_text.ts';
import type { CsvRecord } from './csv_record.ts';
import type { Refusal } from './faults.ts';
import { behindGuard } from './guarded_cell.ts';

/** Writes a text, or null for an empty cell. @param longest in characters */
export function writeText(record: CsvRecord, field: number, longest: number, out: CopyText): Refusal | null {
  const { buffer } = record;
  const end = record.endOf(field);
  const start = behindGuard(buffer, record.startOf(field), end);
  if (start === end) out.raw(NULL);
  else if (end - start > longest && characters(record, field, start) > longest) return tooLong(longest);
  else out.text(buffer, start, end, record.isDoubled(field));
  return null;
}

export function tooLong(longest: number): Refusal {
  return { reason: `longer than ${longest} characters` };
}

/** As the database counts them. */
function characters(record: CsvRecord, field: number, start: number): number {
  let count = 0;
  for (const _ of record.text(field, start)) count++;
  return count;
}
