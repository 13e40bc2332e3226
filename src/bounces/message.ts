// A mail taken apart as far as reports need it (RFC 2045, 2046): its headers and its leaves, whose own mails stay closed. Whoever wrote it may
// mean harm, so depth and number are bounded; a mail cut short is read as far as it goes.
import { type Fields, fieldsOf, first, split } from './fields.ts';

export interface Leaf {
  /** Such as message/delivery-status, in lower case. */
  readonly type: string;
  readonly headers: Fields;
  /** Decoded. */
  text(): string;
}

export interface Message {
  readonly headers: Fields;
  /** Of the whole, such as multipart/report, in lower case. */
  readonly type: string;
  readonly leaves: readonly Leaf[];
}

const MAX_DEPTH = 10;
const MAX_LEAVES = 100;
const MAX_PIECES = 1_000;
const MAX_CONTENT_TYPE = 2_000;
const REST_OF_LINE = /^(--)?[ \t]*\r?(?:\n|$)/;

/** @returns null for what has no headers, and so is no mail */
export function messageOf(raw: Buffer): Message | null {
  // Byte for byte: each part says by itself what its bytes mean.
  const { head, body } = split(raw.toString('latin1'));
  const headers = fieldsOf(head);
  if (headers.size === 0) return null;
  const leaves: Leaf[] = [];
  collect(headers, body, 0, leaves);
  return { headers, type: typeOf(headers), leaves };
}

function collect(headers: Fields, body: string, depth: number, leaves: Leaf[]): void {
  if (leaves.length >= MAX_LEAVES) return;
  const boundary = boundaryOf(headers);
  if (boundary === null || depth >= MAX_DEPTH) {
    leaves.push({ type: typeOf(headers), headers, text: () => decoded(headers, body) });
    return;
  }
  for (const part of partsOf(body, boundary)) {
    const { head, body: inner } = split(part);
    collect(fieldsOf(head), inner, depth + 1, leaves);
  }
}

function typeOf(headers: Fields): string {
  const type = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(first(headers, 'content-type') ?? '')?.[1];
  return type?.toLowerCase() ?? 'text/plain';
}

function boundaryOf(headers: Fields): string | null {
  if (!typeOf(headers).startsWith('multipart/')) return null;
  const type = (first(headers, 'content-type') ?? '').slice(0, MAX_CONTENT_TYPE);
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(type) ?? [];
  return quoted ?? plain ?? null;
}

/** What stands between the lines of a boundary, without what comes before the first and after the last. */
function partsOf(body: string, boundary: string): string[] {
  const parts: string[] = [];
  const delimiter = `\n--${boundary}`;
  for (const piece of `\n${body}`.split(delimiter, MAX_PIECES).slice(1)) {
    const [line, end] = REST_OF_LINE.exec(piece) ?? [];
    if (end === '--') break;
    if (line !== undefined) parts.push(piece.slice(line.length));
    // A boundary that only begins like this one: an inner part's.
    else if (parts.length > 0) parts.push(`${parts.pop()}${delimiter}${piece}`);
  }
  return parts.map((part) => part.replace(/\r$/, ''));
}

function decoded(headers: Fields, body: string): string {
  switch (first(headers, 'content-transfer-encoding')?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString();
    case 'quoted-printable':
      return unquoted(body);
    default:
      return Buffer.from(body, 'latin1').toString();
  }
}

function unquoted(body: string): string {
  const bytes = body
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
