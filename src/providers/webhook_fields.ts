// Fields of a body, each read for what it holds. Providers leave fields out, rename them and change their types without notice, so every reader
// takes anything: what can't be used is null, and the rest of the event still counts. They come as functions, and as pieces to make schemas of.
import { z } from 'zod';
import { clip, MAX_ID_BYTES, MAX_TEXT_BYTES, MAX_URL_BYTES } from './text.ts';
import { fieldsOf, unlisted } from './webhook_body.ts';

const DAY_MS = 86_400_000;
const EARLIEST_MS = Date.UTC(2000, 0, 1);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Bare, or in angle brackets behind a name. Of several it would not be known which is meant. */
const ONE_ADDRESS = /^(?:(?:"[^"]*" *|[^",<>]*)<)?\s*([^\s,<>@]+@[^\s,<>@]+)\s*>?$/;
const SECONDS = /^\d{9,10}(\.\d+)?$/;
const MILLISECONDS = /^\d{12,13}$/;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:Z|([+-]\d\d)(?::?(\d\d))?)?$/i;

/** Text or a number; nothing but blanks is null. */
export function textOf(value: unknown, maxBytes: number = MAX_TEXT_BYTES): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? clip(value, maxBytes).trim() || null : null;
}

export function urlOf(value: unknown): string | null {
  return textOf(value, MAX_URL_BYTES);
}

export function idOf(value: unknown): string | null {
  return textOf(value, MAX_ID_BYTES);
}

/** Without angle brackets. */
export function messageIdOf(value: unknown): string | null {
  return idOf(value)?.replace(/^<|>$/g, '') || null;
}

export function uuidOf(value: unknown): string | null {
  return typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : null;
}

/** The bare address of `a@b` or `Name <a@b>`, in lower case. */
export function addressOf(value: unknown): string | null {
  return idOf(value)?.match(ONE_ADDRESS)?.[1]?.toLowerCase() ?? null;
}

/** Seconds or milliseconds since 1970, or ISO 8601, also as Postgres writes it; of UTC unless it says otherwise. */
export function timeOf(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : isoTime(millisecondsOf(text));
}

/** ISO 8601. Nonsense, and more than a day ahead, is null. */
export function isoTime(ms: number): string | null {
  return ms >= EARLIEST_MS && ms <= Date.now() + DAY_MS ? new Date(ms).toISOString() : null;
}

function millisecondsOf(text: string): number {
  if (SECONDS.test(text)) return Math.round(Number(text) * 1_000);
  if (MILLISECONDS.test(text)) return Number(text);
  const [, date, time, hours = '+00', minutes = '00'] = text.match(DATE_TIME) ?? [];
  return Date.parse(`${date}T${time}${hours}:${minutes}`);
}

/** Some forms write 1 or "true". */
function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

/** For people to read: a reason, an answer of a server, a user agent. */
export const text = piece(textOf);
export const firstText = piece((value) => textOf(unlisted(value)));
/** One of the provider's words, in lower case. */
export const word = piece((value) => textOf(value)?.toLowerCase() ?? null);
export const url = piece(urlOf);
export const id = piece(idOf);
export const messageId = piece(messageIdOf);
export const address = piece(addressOf);
export const time = piece(timeOf);
export const flag = piece(isTrue);

/** A part of an object, whose fields are pieces too. */
export function part<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess(fieldsOf, z.object(shape));
}

function piece<T>(read: (value: unknown) => T) {
  return z
    .unknown()
    .optional()
    .transform((value) => read(value));
}

/** What is known, without what is not. */
export function withoutNulls<T extends string | number | boolean>(
  entries: Readonly<Record<string, T | null>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** The first of the items that something can be read from. */
export function firstOf<T>(items: readonly T[], read: (item: T) => string | null): string | null {
  for (const item of items) {
    const value = read(item);
    if (value !== null) return value;
  }
  return null;
}
