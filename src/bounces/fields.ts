// Blocks of "Name: value" lines: the headers of a mail (RFC 5322, 2.2), and the fields of a report, which look the same (RFC 3464, 2.1).

/** The values of a field by its name in lower case, in order, unfolded. */
export type Fields = ReadonlyMap<string, readonly string[]>;

const FIELD = /^([!-9;-~]+)[ \t]*:(.*)$/;

/** Reads as far as the lines look like fields; what doesn't is left out, since reports are often a little wrong. */
export function fieldsOf(block: string): Fields {
  const fields = new Map<string, string[]>();
  for (const line of unfolded(block)) {
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    if (name === undefined) continue;
    const known = fields.get(name.toLowerCase());
    if (known === undefined) fields.set(name.toLowerCase(), [value.trim()]);
    else known.push(value.trim());
  }
  return fields;
}

/** The first value under this name, or null. */
export function first(fields: Fields, name: string): string | null {
  return fields.get(name)?.[0] ?? null;
}

/** The text up to the first empty line, which is all of it where there is none, and what follows. */
export function split(text: string): { head: string; body: string } {
  if (/^\r?\n/.test(text)) return { head: '', body: text.replace(/^\r?\n/, '') };
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return { head: text, body: '' };
  return { head: text.slice(0, end.index), body: text.slice(end.index + end[0].length) };
}

function unfolded(block: string): string[] {
  const lines: string[][] = [];
  for (const line of block.split(/\r?\n/)) {
    const current = lines.at(-1);
    if (/^[ \t]/.test(line) && current !== undefined) current.push(line.trim());
    else lines.push([line]);
  }
  return lines.map((pieces) => pieces.join(' '));
}
