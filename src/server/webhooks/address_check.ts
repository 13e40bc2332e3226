// Providers try an address before they use it: with GET or HEAD, with nothing, with {} or with a ping. Each gets 200 at every path, whatever
// its secret, so that the answer tells nobody whether a secret is right. None of them holds an event, so none is recorded.
import { z } from 'zod';

const nothing = z.strictObject({});
const ping = z.strictObject({ test: z.literal(true) });
/** With blanks to spare. Nothing longer is parsed here. */
const longestCheck = 100;

export type CheckAnswer = { ok: true; test?: true };

/** What to answer to a body that only checks the address; null: it is none. */
export function answerToCheck(body: Buffer): CheckAnswer | null {
  if (body.length > longestCheck) return null;
  const text = body.toString().trim();
  if (text === '') return { ok: true };
  const value = jsonOrNull(text);
  if (nothing.safeParse(value).success) return { ok: true };
  return ping.safeParse(value).success ? { ok: true, test: true } : null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
