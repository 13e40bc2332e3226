import { isUtf8 } from 'node:buffer';
import { LF } from './bytes.ts';
import type { CsvRecord } from './csv_record.ts';

/** Tells whether records are text that the database takes: UTF-8, without NUL. */
export class TextJudge {
  #buffer: Buffer | null = null;
  /** Up to here all of the buffer is text. */
  #judgedTo = 0;

  isText(record: CsvRecord): boolean {
    if (record.buffer !== this.#buffer) this.#judge(record.buffer);
    return record.end <= this.#judgedTo || isText(record.buffer.subarray(record.start, record.end));
  }

  // All lines of a buffer at once: a line break is never part of a character. Only where that fails each record is asked for itself.
  #judge(buffer: Buffer): void {
    const lines = buffer.subarray(0, buffer.lastIndexOf(LF) + 1);
    this.#buffer = buffer;
    this.#judgedTo = isText(lines) ? lines.length : 0;
  }
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}
