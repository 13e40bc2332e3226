// Reads a mail back: the other half of what a driver writes, made from the RFCs (5322, 2045, 2046, 2047, 2231) and of nothing of the driver's.

export interface Part {
  /** By name in lower case, unfolded, words decoded. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded; a multipart's own is empty. */
  readonly body: Buffer;
  readonly parts: readonly Part[];
}

/** @param raw a mail's bytes as latin1, with line ends of either kind */
export function readMime(raw: string): Part {
  const [, head = '', body = ''] = /^((?:.+\r?\n)+)\r?\n([\s\S]*)$/.exec(raw) ?? [];
  const headers = headersOf(head);
  const boundary = parameter(headers['content-type'] ?? '', 'boundary');
  if (boundary !== null) return { headers, body: Buffer.alloc(0), parts: split(body, boundary).map(readMime) };
  return { headers, body: decoded(body, headers['content-transfer-encoding'] ?? '7bit'), parts: [] };
}

/** The first part of this type, at any depth. */
export function partOf(mail: Part, type: string): Part {
  const found = leaves(mail).find(({ headers }) => headers['content-type']?.startsWith(type));
  if (found === undefined) throw new Error(`the mail has no part of the type ${type}`);
  return found;
}

/** What a mail program offers to save, in order. */
export function filesOf(mail: Part): { name: string | null; type: string; content: Buffer }[] {
  return leaves(mail)
    .filter(({ headers }) => headers['content-disposition']?.startsWith('attachment'))
    .map(({ headers, body }) => ({
      name: parameter(headers['content-disposition'] ?? '', 'filename'),
      type: headers['content-type']?.split(';')[0] ?? '',
      content: body,
    }));
}

function leaves(part: Part): Part[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leaves);
}

function headersOf(head: string): Record<string, string> {
  const lines = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .trim()
    .split(/\r?\n/);
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), words(line.slice(colon + 1).trim())];
    }),
  );
}

/** Encoded words of RFC 2047; spaces between two of them do not count. */
function words(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : unquoted(text.replaceAll('_', ' ')).toString(),
    );
}

/** A parameter, also in RFC 2231's numbered and encoded pieces. */
function parameter(value: string, name: string): string | null {
  const pieces = Array.from(
    value.matchAll(new RegExp(`;\\s*${name}(\\*\\d+)?(\\*)?=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'gi')),
    ([, , encoded, quoted, plain]) => {
      const text = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
      return encoded === undefined ? text : decodeURIComponent(text.replace(/^utf-8''/i, ''));
    },
  );
  return pieces.length === 0 ? null : pieces.join('');
}

function split(body: string, boundary: string): string[] {
  const pieces = `\n${body}`.split(`\n--${boundary}`);
  return pieces.slice(1, -1).map((piece) => piece.replace(/^\r?\n/, '').replace(/\r$/, ''));
}

function decoded(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  return encoding === 'quoted-printable' ? unquoted(body.replace(/=\r?\n/g, '')) : Buffer.from(body, 'latin1');
}

function unquoted(text: string): Buffer {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
