// Rows in the text form of COPY, written byte by byte: no string is made of what only passes through.
import { BACKSLASH, CR, LF, QUOTE, TAB } from './bytes.ts';

const pieceBytes = 131_072;
const fullBytes = 65_536;
// The most that one byte becomes: a control character in JSON, its backslash doubled.
const mostPerByte = 7;
const hex = Buffer.from('0123456789abcdef');

export class CopyText {
  #buffer: Buffer = Buffer.allocUnsafeSlow(pieceBytes);
  #at = 0;
  #rowStart = 0;

  /** Begins a row that holds so many bytes of the file, and so many of ours. */
  begin(fileBytes: number, ownBytes: number): void {
    this.#rowStart = this.#at;
    const needed = this.#at + fileBytes * mostPerByte + ownBytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, pieceBytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }

  /** Takes back what was written of the row. */
  discard(): void {
    this.#at = this.#rowStart;
  }

  /** What was written since it was last taken; null while that is not worth the way, unless all is asked for. */
  take(all: boolean): Buffer | null {
    if (this.#at === 0 || (this.#at < fullBytes && !all)) return null;
    const piece = this.#buffer.subarray(0, this.#at);
    this.#buffer = Buffer.allocUnsafeSlow(pieceBytes);
    this.#at = 0;
    return piece;
  }

  byte(byte: number): void {
    this.#buffer[this.#at++] = byte;
  }

  /** Bytes that are in COPY's form already. */
  raw(bytes: Buffer): void {
    this.#at += bytes.copy(this.#buffer, this.#at);
  }

  number(value: number): void {
    this.#at += this.#buffer.write(String(value), this.#at, 'latin1');
  }

  /** A value as it is, each of its quotes written once. */
  text(bytes: Buffer, start: number, end: number, isDoubled: boolean): void {
    for (let from = start; from < end; from++) {
      const byte = bytes[from] ?? 0;
      this.escaped(byte);
      if (isDoubled && byte === QUOTE) from++;
    }
  }

  escaped(byte: number): void {
    if (byte === BACKSLASH || byte === LF || byte === CR || byte === TAB) {
      this.byte(BACKSLASH);
      this.byte(byte === LF ? 0x6e : byte === CR ? 0x72 : byte === TAB ? 0x74 : BACKSLASH);
    } else this.byte(byte);
  }

  /** A value as a JSON string. */
  jsonString(bytes: Buffer, start: number, end: number, isDoubled: boolean): void {
    this.byte(QUOTE);
    for (let from = start; from < end; from++) {
      const byte = bytes[from] ?? 0;
      this.#jsonByte(byte);
      if (isDoubled && byte === QUOTE) from++;
    }
    this.byte(QUOTE);
  }

  // JSON's backslash is COPY's two.
  #jsonByte(byte: number): void {
    if (byte < 0x20) {
      this.byte(BACKSLASH);
      this.byte(BACKSLASH);
      this.#at += this.#buffer.write('u00', this.#at, 'latin1');
      this.byte(hex[byte >> 4] ?? 0);
      this.byte(hex[byte & 15] ?? 0);
    } else if (byte === QUOTE) {
      this.byte(BACKSLASH);
      this.byte(BACKSLASH);
      this.byte(QUOTE);
    } else if (byte === BACKSLASH) {
      for (let times = 0; times < 4; times++) this.byte(BACKSLASH);
    } else this.byte(byte);
  }
}

/** A text in COPY's form. */
export function copyBytes(text: string): Buffer {
  return Buffer.from(text.replace(/[\\\n\r\t]/g, (found) => `\\${{ '\n': 'n', '\r': 'r', '\t': 't' }[found] ?? '\\'}`));
}

export const NULL = Buffer.from('\\N');
