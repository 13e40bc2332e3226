// Records of a file as rows of pg_temp.suppression_import: line, email, reason, note.

import { writeAddress } from './address_cell.ts';
import { LF, TAB } from './bytes.ts';
import { type ColumnNames, columnsOf } from './columns.ts';
import { type CopyText, copyBytes, NULL } from './copy_text.ts';
import type { CsvRecord } from './csv_record.ts';
import type { Refusal } from './faults.ts';
import { behindGuard } from './guarded_cell.ts';
import type { RowWriter } from './row_writer.ts';
import { tooLong } from './text_cell.ts';

const known = ['email', 'reason', 'note'] as const;
type Field = (typeof known)[number];

const reasons: ReadonlySet<string> = new Set(['hard_bounce', 'complaint', 'unsubscribe', 'manual', 'soft_bounces']);
const longestNote = 1_000;

export class SuppressionRows implements RowWriter {
  readonly columns: number;
  readonly ownBytes = 200;
  readonly #places: Partial<Record<Field, number>>;
  readonly #titles: readonly string[];

  /** @throws Fault BADIN */
  constructor(titles: readonly string[], names: ColumnNames) {
    const columns = columnsOf(titles, names, known);
    this.columns = columns.length;
    this.#titles = titles;
    this.#places = Object.fromEntries(columns.flatMap(({ field }, place) => (field === null ? [] : [[field, place]])));
  }

  write(record: CsvRecord, line: number, out: CopyText): Refusal | null {
    const { email = 0 } = this.#places;
    out.number(line);
    out.byte(TAB);
    const refused = writeAddress(record, email, out);
    if (refused !== null) return { ...refused, column: this.#titles[email] ?? '' };
    const { reason, note } = this.#why(record);
    if (note.length > longestNote) return tooLong(longestNote);
    out.byte(TAB);
    out.raw(copyBytes(reason));
    out.byte(TAB);
    out.raw(note === '' ? NULL : copyBytes(note));
    out.byte(LF);
    return null;
  }

  /** A reason of ours is kept; another system's, in its own words, is somebody's decision, and its words are the note. */
  #why(record: CsvRecord): { reason: string; note: string } {
    const reason = this.#textAt(record, this.#places.reason);
    const note = this.#textAt(record, this.#places.note);
    if (reason === '' || reasons.has(reason)) return { reason: reason || 'manual', note };
    return { reason: 'manual', note: note === '' ? reason : `${reason}: ${note}` };
  }

  #textAt(record: CsvRecord, place: number | undefined): string {
    if (place === undefined) return '';
    return record.text(place, behindGuard(record.buffer, record.startOf(place), record.endOf(place))).trim();
  }
}
