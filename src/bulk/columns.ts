import { unreadable } from './unreadable.ts';

/** What becomes of a column: a field of its own, or of no use. */
export interface Column<Field extends string> {
  /** As the file has it, for messages. */
  readonly title: string;
  /** Null: it is none of the known ones. */
  readonly field: Field | null;
  /** By which it goes: renamed, if that was asked for. Empty: it is left out. */
  readonly name: string;
}

/** What renames columns: the file's name, in small letters, to ours. */
export type ColumnNames = ReadonlyMap<string, string>;

/**
 * @param given pairs such as Mail:email,Town:city; nothing behind the colon leaves the column out
 * @throws Fault BADIN
 */
export function parseColumnNames(given: readonly string[]): ColumnNames {
  const names = new Map<string, string>();
  for (const pair of given.flatMap((list) => list.split(',')).filter((pair) => pair.trim() !== '')) {
    const [, from = '', to = ''] = /^(.*):([^:]*)$/s.exec(pair) ?? [];
    if (from.trim() === '') throw unreadable(`${JSON.stringify(pair)} is not <column of the file>:<name>`, 'map');
    names.set(from.trim().toLowerCase(), to.trim());
  }
  return names;
}

/**
 * @param known the fields there are; the first of them is needed
 * @throws Fault BADIN
 */
export function columnsOf<Field extends string>(
  titles: readonly string[],
  renamed: ColumnNames,
  known: readonly [Field, ...Field[]],
): Column<Field>[] {
  refuseUnknown(renamed, titles);
  const columns = titles.map((title) => {
    const name = renamed.get(title.toLowerCase()) ?? title;
    return { title, name, field: known.find((field) => field === name.toLowerCase()) ?? null };
  });
  refuseTwins(columns);
  const [needed] = known;
  if (columns.some(({ field }) => field === needed)) return columns;
  throw unreadable(`it has no column ${needed}, but ${listed(titles)}; say which it is with map=<column>:${needed}`);
}

function refuseUnknown(renamed: ColumnNames, titles: readonly string[]): void {
  const present = new Set(titles.map((title) => title.toLowerCase()));
  for (const from of renamed.keys())
    if (!present.has(from))
      throw unreadable(`the file has no column ${JSON.stringify(from)}, but ${listed(titles)}`, 'map');
}

function refuseTwins(columns: readonly Column<string>[]): void {
  const seen = new Set<string>();
  for (const { field, name } of columns) {
    const key = field ?? name;
    if (key !== '' && seen.has(key)) throw unreadable(`two columns are called ${JSON.stringify(key)}`);
    seen.add(key);
  }
}

function listed(titles: readonly string[]): string {
  const shown = titles.slice(0, 20).map((title) => JSON.stringify(title.slice(0, 50)));
  return shown.join(', ') + (titles.length > shown.length ? ', …' : '');
}
