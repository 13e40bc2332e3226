/** More columns than this are no list of contacts. */
export const mostColumns = 1_000;

/** One record of a file, as places in a buffer: nothing is copied, and the object is used again for the next. */
export class CsvRecord {
  buffer: Buffer = Buffer.alloc(0);
  /** Where it begins and, without its line break, ends. */
  start = 0;
  end = 0;
  /** How many fields it has, even where there are too many to keep. */
  fields = 0;
  readonly starts = new Int32Array(mostColumns);
  readonly ends = new Int32Array(mostColumns);
  /** 1: each quote in it is written twice. */
  readonly doubled = new Uint8Array(mostColumns);

  add(start: number, end: number, doubled: 0 | 1): void {
    const field = this.fields++;
    if (field >= mostColumns) return;
    this.starts[field] = start;
    this.ends[field] = end;
    this.doubled[field] = doubled;
  }

  startOf(field: number): number {
    return this.starts[field] ?? 0;
  }

  endOf(field: number): number {
    return this.ends[field] ?? 0;
  }

  isDoubled(field: number): boolean {
    return this.doubled[field] === 1;
  }

  /** Nothing is in any field: an empty line, or what a spreadsheet leaves of a row. */
  get isBlank(): boolean {
    for (let field = 0; field < Math.min(this.fields, mostColumns); field++)
      if (this.ends[field] !== this.starts[field]) return false;
    return true;
  }

  /** A field as text. Quick for a few, too slow for every field of a million rows. */
  text(field: number, start: number = this.startOf(field)): string {
    const text = this.buffer.toString('utf8', start, this.endOf(field));
    return this.isDoubled(field) ? text.replaceAll('""', '"') : text;
  }
}
