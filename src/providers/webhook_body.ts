// What a body from outside holds, before anybody knows its fields.
import { WebhookParseError } from './webhook_source.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The JSON object that a body is; an empty body is an empty one.
 * @throws WebhookParseError when it is anything else
 */
export function objectIn(body: Buffer): Fields {
  const value = valueIn(body);
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw new WebhookParseError('the body is not an object');
}

/**
 * The objects in a body: those of an array, or the one that it is. An empty body holds none, and what else stands in an array is passed over.
 * @throws WebhookParseError when the body is neither empty nor a JSON object or array
 */
export function objectsIn(body: Buffer): Fields[] {
  const value = valueIn(body);
  if (value === undefined) return [];
  if (isObject(value)) return [value];
  if (Array.isArray(value)) return value.filter(isObject);
  throw new WebhookParseError('the body is neither an object nor an array');
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

/** The value itself, or the first of a list of them: some write one thing as a list of one. */
export function unlisted(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** undefined for an empty body. */
function valueIn(body: Buffer): unknown {
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') return undefined;
  const value = jsonIn(text);
  if (value === undefined) throw new WebhookParseError('the body is not JSON');
  return value;
}
