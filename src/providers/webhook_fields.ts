// The pieces that schemas of webhooks are made of. Providers leave fields out, rename them and change their types without notice, so every
// piece takes anything: what can't be used is null, and the rest of the event still counts.
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { z } from 'zod';
import { clip, MAX_ID_BYTES } from './text.ts';
import { WebhookParseError } from './webhook_source.ts';

export type Fields = Readonly<Record<string, unknown>>;

const MAX_TEXT = 500;
const MAX_URL = 2_000;
/** An index entry holds 2.7 KB at most; a readable key need not be longer than this. */
const MAX_KEY = 250;
const DAY_MS = 86_400_000;
const EARLIEST_MS = Date.UTC(2000, 0, 1);

/** For people to read: a reason, an answer of a server, a user agent. */
export const text = piece((value) => textOf(value, MAX_TEXT));
export const url = piece((value) => textOf(value, MAX_URL));
export const id = piece((value) => textOf(value, MAX_ID_BYTES));
/** One of the provider's words, in lower case. */
export const word = piece((value) => textOf(value, MAX_TEXT)?.toLowerCase() ?? null);
export const address = piece((value) => textOf(value, MAX_ID_BYTES)?.toLowerCase() ?? null);
/** ISO 8601. */
export const time = piece((value) => isoTime(textOf(value, MAX_TEXT)));
export const flag = piece(isTrue);

/** A part of an object, whose fields are pieces too. */
export function part<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess(fieldsOf, z.object(shape));
}

function piece<T>(read: (value: unknown) => T) {
  return z.unknown().optional().transform(read);
}

/**
 * The objects in a body: those of an array, or the one that it is. An empty body holds none, and what else stands in an array is passed over.
 * @throws WebhookParseError when the body is neither empty nor a JSON object or array
 */
export function objectsIn(body: Buffer): Fields[] {
  const value = jsonIn(body);
  if (Array.isArray(value)) return value.filter(isObject);
  if (isObject(value)) return [value];
  if (value === undefined) return [];
  throw new WebhookParseError('the body is neither an object nor an array');
}

function jsonIn(body: Buffer): unknown {
  const content = body.toString('utf8').replace(/^\uFEFF/, '');
  if (content.trim() === '') return undefined;
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new WebhookParseError('the body is not JSON', { cause });
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** What makes this event itself, in few words; without one of them the whole event, as it came, tells it from others. */
export function dedupeKey(parts: readonly (string | null)[], raw: Fields): string {
  const known = parts.filter((part) => part !== null);
  if (known.length < parts.length) return `sha256:${sha256(writtenOut(raw))}`;
  const key = known.join(' ');
  return key.length <= MAX_KEY ? key : `sha256:${sha256(key)}`;
}

/** What is known, without what is not. */
export function detailOf<T extends string | number | boolean>(
  entries: Readonly<Record<string, T | null>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** Text or a number; nothing but blanks is null. */
function textOf(value: unknown, maxBytes: number): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? clip(value, maxBytes).trim() || null : null;
}

/** Some forms write 1 or "true". */
function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

/** Seconds or milliseconds since 1970, or ISO 8601, of UTC unless it says otherwise. Nonsense, and more than a day ahead, is null. */
function isoTime(value: string | null): string | null {
  if (value === null) return null;
  const ms = millisecondsOf(value);
  return ms >= EARLIEST_MS && ms <= Date.now() + DAY_MS ? new Date(ms).toISOString() : null;
}

function millisecondsOf(value: string): number {
  if (/^\d{9,10}(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1_000);
  if (/^\d{12,13}$/.test(value)) return Number(value);
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value)) return Number.NaN;
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
}

/** JSON.stringify runs out of stack in what JSON.parse has read without trouble; so deep nothing tells events apart. */
function writtenOut(raw: Fields): string {
  try {
    return JSON.stringify(raw);
  } catch {
    return inspect(raw, { depth: 20, maxArrayLength: null, maxStringLength: null });
  }
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
