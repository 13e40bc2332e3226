// Fields of a body from outside, each read for what it holds: nothing is required, nothing is trusted to have its type.
import { createHash } from 'node:crypto';
import { clip, MAX_ID_BYTES } from './text.ts';
import { WebhookParseError } from './webhook_source.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const MAX_TEXT = 500;
export const MAX_URL = 2_000;
/** An index entry holds 2.7 KB at most; a readable key need not be longer than this. */
const MAX_KEY = 250;
const DAY_MS = 86_400_000;
const EARLIEST_MS = Date.UTC(2000, 0, 1);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d)?(?::?(\d\d))?$/i;

/**
 * The JSON object that a body is; an empty body is an empty one.
 * @throws WebhookParseError when it is anything else.
 */
export function objectIn(body: Buffer): Fields {
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  const value = jsonIn(text);
  if (value === undefined) throw new WebhookParseError('the body is not JSON');
  if (!isObject(value)) throw new WebhookParseError('the body is not an object');
  return value;
}

/** undefined for what isn't JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text or a number, or the first of a list of them; anything else, and nothing but blanks, is null. */
export function textOf(value: unknown, maxBytes: number = MAX_TEXT): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'number') return String(first);
  return typeof first === 'string' ? clip(first, maxBytes).trim() || null : null;
}

export function idOf(value: unknown): string | null {
  return textOf(value, MAX_ID_BYTES);
}

export function uuidOf(value: unknown): string | null {
  const text = textOf(value);
  return text !== null && UUID.test(text) ? text.toLowerCase() : null;
}

/** The bare address of `a@b` or `Name <a@b>`, in lower case. */
export function addressOf(value: unknown): string | null {
  const text = idOf(value);
  const address = (text?.match(/<([^<>]*)>$/)?.[1] ?? text)?.trim().toLowerCase();
  return address?.includes('@') ? address : null;
}

/** ISO 8601, UTC where it names no zone; also with a blank for the T, as Postgres writes it. Nonsense, and more than a day ahead, is null. */
export function isoTimeOf(value: unknown): string | null {
  const [, date, time, zone = 'Z', minutes = '00'] = textOf(value)?.match(TIME) ?? [];
  const ms = Date.parse(`${date}T${time}${zone}${/z/i.test(zone) ? '' : `:${minutes}`}`);
  return ms >= EARLIEST_MS && ms <= Date.now() + DAY_MS ? new Date(ms).toISOString() : null;
}

/** Headers of a mail as a list of `{ name, value }` or as an object. Names in lower case; the first of a name counts. */
export function mailHeadersOf(value: unknown): ReadonlyMap<string, unknown> {
  const pairs = Array.isArray(value)
    ? value.filter(isObject).map(({ name, value }) => [name, value] as const)
    : Object.entries(fieldsOf(value));
  const named = pairs.map(([name, value]) => [String(textOf(name)).toLowerCase(), value] as const);
  return new Map(named.reverse());
}

// Apple's privacy proxy sends exactly this; Google's names itself.
const MACHINE = /^Mozilla\/5\.0$|GoogleImageProxy/;

export function machineOf(userAgent: string | null): true | null {
  return userAgent !== null && MACHINE.test(userAgent) ? true : null;
}

export function withoutNulls(detail: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(detail).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

/** A key as it is, unless it is too long for an index. */
export function shortKey(text: string): string {
  return text.length <= MAX_KEY ? text : `sha256:${sha256(text)}`;
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
