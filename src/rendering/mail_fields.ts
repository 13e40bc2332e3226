/** Values a template reaches under one name; plain data, as JSON has it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whom a mail goes to. A template sees the attributes beside `email` and `name`, which win over attributes of the same name. */
export interface MailContact {
  readonly email: string;
  readonly name?: string | null;
  readonly attributes?: Fields;
}

/** Longest subject, in characters; providers refuse longer ones. */
const MAX_SUBJECT_LENGTH = 256;
/** Longest HTML or text, in characters: far beyond what mailboxes show, and a bound for runaway loops. */
const MAX_PART_LENGTH = 2_000_000;

export const isBlank = (text: string): boolean => /^\s*$/.test(text);

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value));
}

/** What `contact` means in a template. Empty values are left out, so that strict rendering takes them for missing. */
export function mergedContact({ email, name, attributes }: MailContact): Fields {
  const merged: Record<string, unknown> = Object.create(null);
  for (const key in attributes) {
    const value = attributes[key];
    if (!isEmpty(value)) merged[key] = value;
  }
  merged['email'] = email;
  if (isEmpty(name)) delete merged['name'];
  else merged['name'] = name;
  return merged;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not get into a header
const breaks = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const breaksAndSpaces = /[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** A header's value: one line, no control characters, at most 256 characters and none of them cut in two. */
export function singleLine(text: string): string {
  const line = (breaks.test(text) ? text.replace(breaksAndSpaces, ' ') : text).trim();
  return line.length <= MAX_SUBJECT_LENGTH
    ? line
    : line
        .slice(0, MAX_SUBJECT_LENGTH)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}

/** What Postgres can store as text: anything but NUL, which filters can make. @throws Error when it is far too long. */
export function storable(text: string): string {
  if (text.length > MAX_PART_LENGTH) throw new Error(`it has more than ${MAX_PART_LENGTH} characters`);
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
