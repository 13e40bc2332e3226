// Records of a file as rows of pg_temp.contact_import: line, email, name, timezone, tags, attributes.

import { writeAddress } from './address_cell.ts';
import { LF, TAB } from './bytes.ts';
import { type Column, type ColumnNames, columnsOf } from './columns.ts';
import { type CopyText, copyBytes, NULL } from './copy_text.ts';
import type { CsvRecord } from './csv_record.ts';
import type { Refusal } from './faults.ts';
import { behindGuard } from './guarded_cell.ts';
import { jsonObject } from './json_object.ts';
import type { RowWriter } from './row_writer.ts';
import { arrayLiteral, longestTag, tagsIn } from './tag_cell.ts';
import { tooLong, writeText } from './text_cell.ts';
import { unreadable } from './unreadable.ts';

const known = ['email', 'name', 'timezone', 'tags', 'attributes'] as const;
type Field = (typeof known)[number];

const longestName = 200;
const longestTimezone = 100;
const longestAttribute = 100;
// Most files have few different cells of tags; whoever has many pays for each.
const mostRemembered = 10_000;
const longestRemembered = 1_000;

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;

interface Attribute {
  readonly place: number;
  readonly title: string;
  /** As a JSON string, in COPY's form. */
  readonly key: Buffer;
}

export class ContactRows implements RowWriter {
  readonly columns: number;
  readonly ownBytes: number;
  readonly #places: Partial<Record<Field, number>>;
  readonly #titles: readonly string[];
  readonly #attributes: readonly Attribute[];
  readonly #tagsForAll: readonly string[];
  /** COPY's form of the tags for all. */
  readonly #noTags: Buffer;
  readonly #remembered = new Map<string, Buffer | Refusal>();

  /**
   * @param tags for every Contact of the file
   * @throws Fault BADIN
   */
  constructor(titles: readonly string[], names: ColumnNames, tags: readonly string[]) {
    const columns = columnsOf(titles, names, known);
    if (tags.some((tag) => tag.length > longestTag)) throw unreadable(`longer than ${longestTag} characters`, 'tags');
    this.columns = columns.length;
    this.#titles = titles;
    this.#places = Object.fromEntries(columns.flatMap(({ field }, place) => (field === null ? [] : [[field, place]])));
    this.#attributes = columns.flatMap((column, place) => attributeOf(column, place));
    this.#tagsForAll = tags;
    this.#noTags = copyBytes(arrayLiteral([...tags].sort()));
    const keys = this.#attributes.reduce((bytes, { key }) => bytes + key.length + 10, 0);
    this.ownBytes = keys + 2 * this.#noTags.length + 100;
  }

  write(record: CsvRecord, line: number, out: CopyText): Refusal | null {
    out.number(line);
    out.byte(TAB);
    const refused =
      this.#named('email', writeAddress(record, this.#places.email ?? 0, out)) ??
      this.#text(record, 'name', longestName, out) ??
      this.#text(record, 'timezone', longestTimezone, out) ??
      this.#tags(record, out) ??
      this.#attributesOf(record, out);
    out.byte(LF);
    return refused;
  }

  #named(field: Field, refused: Refusal | null): Refusal | null {
    const title = this.#titles[this.#places[field] ?? -1];
    return refused === null || title === undefined ? refused : { ...refused, column: title };
  }

  #text(record: CsvRecord, field: 'name' | 'timezone', longest: number, out: CopyText): Refusal | null {
    const place = this.#places[field];
    out.byte(TAB);
    if (place !== undefined) return this.#named(field, writeText(record, place, longest, out));
    out.raw(NULL);
    return null;
  }

  #tags(record: CsvRecord, out: CopyText): Refusal | null {
    const place = this.#places.tags;
    out.byte(TAB);
    const tags = place === undefined ? this.#noTags : this.#tagsAt(record, place);
    if (!Buffer.isBuffer(tags)) return this.#named('tags', tags);
    out.raw(tags);
    return null;
  }

  #tagsAt(record: CsvRecord, place: number): Buffer | Refusal {
    const end = record.endOf(place);
    const start = behindGuard(record.buffer, record.startOf(place), end);
    if (start === end) return this.#noTags;
    if (record.isDoubled(place) || end - start > longestRemembered) return this.#read(record.text(place, start));
    const cell = record.buffer.toString('latin1', start, end);
    const remembered = this.#remembered.get(cell);
    if (remembered !== undefined) return remembered;
    const read = this.#read(record.text(place, start));
    if (this.#remembered.size < mostRemembered) this.#remembered.set(cell, read);
    return read;
  }

  #read(cell: string): Buffer | Refusal {
    const tags = tagsIn(cell);
    if (tags.some((tag) => [...tag].length > longestTag)) return tooLong(longestTag);
    return copyBytes(arrayLiteral([...new Set([...tags, ...this.#tagsForAll])].sort()));
  }

  /** The file's own columns are written last: of a key that comes twice jsonb keeps the last. */
  #attributesOf(record: CsvRecord, out: CopyText): Refusal | null {
    out.byte(TAB);
    out.byte(OPEN);
    const object = this.#objectAt(record);
    if (object === null) return this.#named('attributes', { reason: 'this is not a JSON object that can be kept' });
    out.raw(object);
    let isFirst = object.length === 0;
    for (const { place, key } of this.#attributes) {
      const end = record.endOf(place);
      const start = behindGuard(record.buffer, record.startOf(place), end);
      if (start === end) continue;
      if (!isFirst) out.byte(COMMA);
      isFirst = false;
      out.raw(key);
      out.byte(COLON);
      out.jsonString(record.buffer, start, end, record.isDoubled(place));
    }
    out.byte(CLOSE);
    return null;
  }

  /** What stands within the braces of the JSON object, in COPY's form. */
  #objectAt(record: CsvRecord): Buffer | null {
    const place = this.#places.attributes;
    if (place === undefined || record.startOf(place) === record.endOf(place)) return nothing;
    const object = jsonObject(record.text(place));
    return object === null ? null : copyBytes(object.slice(1, -1).trim());
  }
}

const nothing = Buffer.alloc(0);

function attributeOf({ field, name, title }: Column<Field>, place: number): Attribute[] {
  if (field !== null || name === '') return [];
  if (name.length > longestAttribute || name.includes('\0'))
    throw unreadable(`the name of the column ${JSON.stringify(name.slice(0, 50))} is too long`);
  return [{ place, title, key: copyBytes(JSON.stringify(name)) }];
}
