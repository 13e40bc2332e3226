// What makes an event itself: the same when it comes again, and another for any other.
import { hash } from 'node:crypto';
import { inspect } from 'node:util';
import type { Fields } from './webhook_body.ts';

/** An index entry holds 2.7 KB at most; a readable key need not be longer than this. */
const MAX_KEY = 250;

/** In few words; without one of them the whole event, as it came, tells it from others. */
export function dedupeKey(parts: readonly (string | null)[], raw: Fields): string {
  const known = parts.filter((part) => part !== null);
  return known.length < parts.length ? digestKey(writtenOut(raw)) : shortKey(known.join(' '));
}

/** As it is, unless it is too long for an index. */
export function shortKey(key: string): string {
  return key.length <= MAX_KEY ? key : digestKey(key);
}

/** For what has no name of its own. */
export function digestKey(content: string | Buffer): string {
  return `sha256:${hash('sha256', content)}`;
}

/** JSON.stringify runs out of stack in what JSON.parse has read without trouble; so deep nothing tells events apart. */
function writtenOut(raw: Fields): string {
  try {
    return JSON.stringify(raw);
  } catch {
    return inspect(raw, { depth: 20, maxArrayLength: null, maxStringLength: null });
  }
}
