// A documented answer beside the one that came.
import type { Examples } from './examples.ts';

/** What is measured, or counts what a run happened to do: only its shape is compared. */
const measured = new Set([
  'checks',
  'events',
  'handOvers',
  'meanAnswerMs',
  'now',
  'onTheWay',
  'ratePerHour',
  'sequence',
  'series',
  'steps',
]);

/**
 * @param examples learn what the answer means by those they meet for the first time
 * @returns one line for each difference, with its path
 */
export function differences(documented: unknown, given: unknown, examples: Examples, path = ''): string[] {
  if (typeof documented === 'string' && typeof given === 'string')
    return examples.accepts(documented, given) ? [] : [differs(path, examples.resolve(documented), given)];
  if (Array.isArray(documented) && Array.isArray(given)) return lists(documented, given, examples, path);
  if (isObject(documented) && isObject(given)) return objects(documented, given, examples, path);
  return Object.is(documented, given) ? [] : [differs(path, documented, given)];
}

function lists(documented: unknown[], given: unknown[], examples: Examples, path: string): string[] {
  if (documented.length !== given.length) return [differs(path, documented, given)];
  return documented.flatMap((each, index) => differences(each, given[index], examples, `${path}[${index}]`));
}

function objects(
  documented: Record<string, unknown>,
  given: Record<string, unknown>,
  examples: Examples,
  path: string,
): string[] {
  return [...new Set([...Object.keys(documented), ...Object.keys(given)])].flatMap((key) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (measured.has(key))
      return haveOneShape(documented[key], given[key]) ? [] : [differs(at, documented[key], given[key])];
    return differences(documented[key], given[key], examples, at);
  });
}

/** Lists of any length: each of the things in it has the shape of the first. */
function haveOneShape(documented: unknown, given: unknown): boolean {
  if (Array.isArray(documented) && Array.isArray(given))
    return given.every((each) => haveOneShape(documented[0], each));
  if (!isObject(documented) || !isObject(given))
    return documented === null ? given === null : typeof documented === typeof given;
  const keys = Object.keys(documented);
  return keys.length === Object.keys(given).length && keys.every((key) => haveOneShape(documented[key], given[key]));
}

/** The answer that came, in the words of the document where these stand for it. */
export function documentedAs(documented: unknown, given: unknown, examples: Examples): unknown {
  if (typeof given === 'string') {
    const stays = typeof documented === 'string' && examples.accepts(documented, given);
    return stays ? documented : examples.asDocumented(given);
  }
  if (Array.isArray(given)) {
    const before = Array.isArray(documented) ? documented : [];
    return given.map((each, index) => documentedAs(before[index], each, examples));
  }
  if (!isObject(given)) return given;
  const before = isObject(documented) ? documented : {};
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const stays = measured.has(key) && haveOneShape(before[key], value);
      return [key, stays ? before[key] : documentedAs(before[key], value, examples)];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function differs(path: string, documented: unknown, given: unknown): string {
  return `${path}: documented ${JSON.stringify(documented)}, given ${JSON.stringify(given)}`;
}
