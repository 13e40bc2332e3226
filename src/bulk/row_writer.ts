import type { CopyText } from './copy_text.ts';
import type { CsvRecord } from './csv_record.ts';
import type { Refusal } from './faults.ts';

/** Makes rows of a staging table from records of a file. */
export interface RowWriter {
  /** How many fields each record must have. */
  readonly columns: number;
  /** How many bytes of its own it adds to a row, at most. */
  readonly ownBytes: number;
  /** @returns why not; what it wrote is taken back then */
  write(record: CsvRecord, line: number, out: CopyText): Refusal | null;
}
