// Bytes of a file in, rows for COPY out. What it holds is a piece of the file and the record that is not whole yet.
import { Transform, type TransformCallback } from 'node:stream';
import { CopyText } from './copy_text.ts';
import type { CsvRecord } from './csv_record.ts';
import { CsvScanner } from './csv_scanner.ts';
import { Faults, type Refusal } from './faults.ts';
import { type DelimiterName, readHeader } from './header.ts';
import type { RowWriter } from './row_writer.ts';
import { TextJudge } from './text_judge.ts';
import { unreadable } from './unreadable.ts';

export const mostRows = 10_000_000;

export interface RowStreamOptions {
  /** Null: it is found out. */
  readonly delimiter: DelimiterName | null;
  /** What makes rows, by the names in the header. @throws Fault BADIN */
  readonly writer: (names: readonly string[]) => RowWriter;
  /** Told after each piece of the file how many rows there were by now. */
  readonly onRead?: (rows: number) => void;
}

const notText: Refusal = { reason: 'this is not UTF-8 text, or has a NUL in it' };
const nothing: Buffer = Buffer.alloc(0);

export class RowStream extends Transform {
  readonly faults = new Faults();
  readonly #options: RowStreamOptions;
  readonly #out = new CopyText();
  #scanner: CsvScanner | null = null;
  #writer: RowWriter | null = null;
  #rows = 0;
  /** The file, until its header is whole. */
  #beginning: Buffer = Buffer.alloc(0);
  readonly #judge = new TextJudge();

  constructor(options: RowStreamOptions) {
    super();
    this.#options = options;
  }

  /** How many rows there were by now, good and bad. */
  get rows(): number {
    return this.#rows;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#attempt(done, () => this.#take(chunk, false));
  }

  override _flush(done: TransformCallback): void {
    this.#attempt(done, () => {
      this.#take(Buffer.alloc(0), true);
      this.#scanner?.end();
      this.#pass(true);
    });
  }

  #attempt(done: TransformCallback, work: () => void): void {
    try {
      work();
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(chunk: Buffer, isLast: boolean): void {
    const bytes = this.#scanner === null ? this.#afterHeader(Buffer.concat([this.#beginning, chunk]), isLast) : chunk;
    this.#scanner?.write(bytes);
    this.#options.onRead?.(this.#rows);
    this.#pass(false);
  }

  /** What follows the header; nothing while it is not whole. */
  #afterHeader(bytes: Buffer, isLast: boolean): Buffer {
    const header = readHeader(bytes, this.#options.delimiter, isLast);
    this.#beginning = header === null ? bytes : nothing;
    if (header === null) return nothing;
    this.#writer = this.#options.writer(header.names);
    this.#scanner = new CsvScanner(header.delimiter, header.nextLine, {
      record: (record, line) => this.#record(record, line),
      broken: (line, reason) => this.#refuse(line, { reason }),
    });
    return bytes.subarray(header.end);
  }

  #record(record: CsvRecord, line: number): void {
    if (record.isBlank || this.#writer === null) return;
    const refused = this.#write(record, line, this.#writer);
    if (refused === null) this.#count();
    else this.#refuse(line, refused);
  }

  #write(record: CsvRecord, line: number, writer: RowWriter): Refusal | null {
    if (!this.#judge.isText(record)) return notText;
    if (record.fields !== writer.columns) return { reason: `${record.fields} columns instead of ${writer.columns}` };
    this.#out.begin(record.end - record.start, writer.ownBytes);
    const refused = writer.write(record, line, this.#out);
    if (refused !== null) this.#out.discard();
    return refused;
  }

  #refuse(line: number, refusal: Refusal): void {
    this.#count();
    this.faults.add(line, refusal);
  }

  #count(): void {
    if (++this.#rows > mostRows) throw unreadable(`it has more than ${mostRows} rows; divide it`);
  }

  #pass(all: boolean): void {
    const piece = this.#out.take(all);
    if (piece !== null) this.push(piece);
  }
}
