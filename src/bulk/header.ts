// The first line of a file: which columns it has, and what they are taken for.
import { isUtf8 } from 'node:buffer';
import { LF, QUOTE, TAB } from './bytes.ts';
import { type CsvRecord, mostColumns } from './csv_record.ts';
import { CsvScanner } from './csv_scanner.ts';
import { unreadable } from './unreadable.ts';

export const delimiters = { comma: 0x2c, semicolon: 0x3b, tab: TAB } as const;
export type DelimiterName = keyof typeof delimiters;

const longestHeader = 65_536;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export interface Header {
  readonly names: readonly string[];
  readonly delimiter: number;
  /** The number of the line behind it. */
  readonly nextLine: number;
  /** Where that line begins. */
  readonly end: number;
}

/**
 * Reads the header, once it is there.
 * @param isLast nothing more will come
 * @returns null while it is not there
 * @throws Fault BADIN
 */
export function readHeader(bytes: Buffer, given: DelimiterName | null, isLast: boolean): Header | null {
  if (bytes.length < byteOrderMark.length && !isLast) return null;
  refuseUtf16(bytes);
  const { from, line } = firstLine(bytes);
  const end = endOfRecord(bytes, from);
  if (end < 0 && !isLast && bytes.length <= longestHeader) return null;
  if (end < 0 && bytes.length - from > longestHeader) throw unreadable('the first line is too long for a header');
  const text = bytes.subarray(from, end < 0 ? bytes.length : end);
  if (text.length === 0) throw unreadable('it is empty');
  if (text.includes(0) || !isUtf8(text)) throw unreadable('the first line is no UTF-8 text');
  const delimiter = given === null ? detected(text) : delimiters[given];
  return { names: namesIn(text, delimiter), delimiter, nextLine: line + lineBreaks(text), end: from + text.length };
}

function refuseUtf16(bytes: Buffer): void {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff) throw unreadable('it is UTF-16; save it as UTF-8');
}

/** Behind the mark of the byte order and behind empty lines. */
function firstLine(bytes: Buffer): { from: number; line: number } {
  let from = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  let line = 1;
  for (const empty = /^\r?\n/; ; line++) {
    const [found] = empty.exec(bytes.toString('latin1', from, from + 2)) ?? [];
    if (found === undefined) return { from, line };
    from += found.length;
  }
}

/** Behind the first line break outside of quotes; -1: there is none. */
function endOfRecord(bytes: Buffer, from: number): number {
  let isQuoted = false;
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === LF && !isQuoted) return at + 1;
  }
  return -1;
}

/** What stands between the names most often; a comma where nothing does. */
function detected(text: Buffer): number {
  const outside = text.toString('latin1').replace(/"[^"]*"/g, '');
  const counts = Object.values(delimiters).map((byte) => ({
    byte,
    count: outside.split(String.fromCharCode(byte)).length,
  }));
  return counts.reduce((best, other) => (other.count > best.count ? other : best)).byte;
}

function namesIn(text: Buffer, delimiter: number): string[] {
  let names: string[] | null = null;
  let reason = '';
  const scanner = new CsvScanner(delimiter, 1, {
    record: (record) => {
      names ??= textsOf(record);
    },
    broken: (_line, why) => {
      reason ||= why;
    },
  });
  scanner.write(text);
  scanner.end();
  if (reason !== '' || names === null) throw unreadable(`the first line can not be read: ${reason}`);
  return names;
}

function textsOf(record: CsvRecord): string[] {
  if (record.fields > mostColumns) throw unreadable(`it has more than ${mostColumns} columns`);
  return Array.from({ length: record.fields }, (_, field) => record.text(field).trim());
}

function lineBreaks(text: Buffer): number {
  return text.reduce((count, byte) => count + (byte === LF ? 1 : 0), 0);
}
