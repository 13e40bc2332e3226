// Finds the records of a CSV file (RFC 4180, with CRLF or LF, even mixed) in bytes as they come.
//
// Why not csv-parse: a quote that is never closed makes it swallow the rest of the file, as one fault or, with a limit, as none; after a bad
// quote it loses the next row; its line numbers go astray where line breaks are mixed; bytes that are no UTF-8 become U+FFFD in silence; and a
// million rows cost it 2.5 s of a processor, this 0.4. Why not COPY's own parser: one bad row ends it, and it takes a quote anywhere for the start of one.
import { CR, LF, QUOTE } from './bytes.ts';
import { CsvRecord } from './csv_record.ts';

/** A longer record is taken for a quote that is not closed. */
export const maxRecordBytes = 1_048_576;

export interface CsvEvents {
  /** The record is good until the function returns. */
  record(record: CsvRecord, line: number): void;
  /** A line that begins no record. What follows it is read anew, as if it were not there. */
  broken(line: number, reason: string): void;
}

// What the scan of a record came to, where that is no position behind it.
const INCOMPLETE = -1;
const BROKEN = -2;

export class CsvScanner {
  readonly #events: CsvEvents;
  readonly #delimiter: number;
  readonly #record = new CsvRecord();
  #rest: Buffer = Buffer.alloc(0);
  #line: number;
  /** The line breaks within the record that is being scanned. */
  #breaks = 0;
  #reason = '';
  /** The rest of a broken line is still to come. */
  #isSkipping = false;

  /** @param line the number of the first line it is given */
  constructor(delimiter: number, line: number, events: CsvEvents) {
    this.#delimiter = delimiter;
    this.#line = line;
    this.#events = events;
  }

  write(chunk: Buffer): void {
    this.#scan(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  end(): void {
    this.#scan(this.#rest, true);
  }

  #scan(buffer: Buffer, isLast: boolean): void {
    this.#record.buffer = buffer;
    let at = this.#isSkipping ? this.#skipLine(buffer, 0) : 0;
    while (at < buffer.length) {
      const next = this.#scanRecord(buffer, at, isLast);
      if (next === INCOMPLETE && buffer.length - at <= maxRecordBytes) break;
      if (next < 0) {
        const reason = next === BROKEN ? this.#reason : `longer than ${maxRecordBytes} bytes; is a quote not closed?`;
        this.#events.broken(this.#line, reason);
        at = this.#skipLine(buffer, at);
        continue;
      }
      this.#events.record(this.#record, this.#line);
      this.#line += this.#breaks + 1;
      at = next;
    }
    this.#rest = buffer.subarray(at);
  }

  /** @returns where the next line begins, or the end of what there is */
  #skipLine(buffer: Buffer, from: number): number {
    const lineBreak = buffer.indexOf(LF, from);
    this.#isSkipping = lineBreak < 0;
    if (lineBreak < 0) return buffer.length;
    this.#line++;
    return lineBreak + 1;
  }

  /** @returns the position behind the record and its line break, or INCOMPLETE, or BROKEN */
  #scanRecord(buffer: Buffer, from: number, isLast: boolean): number {
    const record = this.#record;
    record.start = from;
    record.fields = 0;
    this.#breaks = 0;
    for (let at = from; ; at++) {
      at = buffer[at] === QUOTE ? this.#scanQuoted(buffer, at + 1, isLast) : this.#scanPlain(buffer, at);
      if (at < 0) return at;
      if (at >= buffer.length) {
        record.end = at;
        return isLast ? at : INCOMPLETE;
      }
      const byte = buffer[at];
      if (byte === this.#delimiter) continue;
      record.end = at;
      if (byte === LF) return at + 1;
      if (byte !== CR) return this.#broken('something stands behind a closing quote');
      if (at + 1 >= buffer.length) return isLast ? at + 1 : INCOMPLETE;
      return buffer[at + 1] === LF ? at + 2 : this.#broken('a carriage return that ends no line');
    }
  }

  /** @returns the position of what ends the field */
  #scanPlain(buffer: Buffer, start: number): number {
    const delimiter = this.#delimiter;
    const { length } = buffer;
    let at = start;
    for (; at < length; at++) {
      const byte = buffer[at];
      if (byte === delimiter || byte === LF || byte === CR) break;
      if (byte === QUOTE) return this.#broken('a quote in a field that does not begin with one');
    }
    this.#record.add(start, at, 0);
    return at;
  }

  /** @returns the position behind the closing quote */
  #scanQuoted(buffer: Buffer, start: number, isLast: boolean): number {
    const { length } = buffer;
    let doubled: 0 | 1 = 0;
    for (let at = start; at < length; at++) {
      const byte = buffer[at];
      if (byte === LF) this.#breaks++;
      if (byte !== QUOTE) continue;
      // The last byte there is may be half of a doubled quote.
      if (at + 1 >= length && !isLast) return INCOMPLETE;
      if (buffer[at + 1] !== QUOTE) {
        this.#record.add(start, at, doubled);
        return at + 1;
      }
      doubled = 1;
      at++;
    }
    return isLast ? this.#broken('a quote is not closed') : INCOMPLETE;
  }

  #broken(reason: string): number {
    this.#reason = reason;
    return BROKEN;
  }
}
