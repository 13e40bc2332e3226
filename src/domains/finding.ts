// What the look at a sending domain comes to. The judgements in this directory are pure: lookups.ts alone asks the DNS.
import { z } from 'zod';

export const findingStates = ['ok', 'unknown', 'warning', 'bad'] as const;

export const finding = z.object({
  subject: z.enum(['spf', 'dkim', 'dmarc', 'return_path', 'tracking']),
  /** The name that was asked for. */
  name: z.string(),
  /** unknown: could not be asked; warning: it works, and should be looked at; bad: missing or wrong. */
  state: z.enum(findingStates),
  says: z.string(),
  /** What to do, with the record to add; empty: nothing. */
  remedy: z.string(),
});

export type Finding = z.infer<typeof finding>;

const againLater = 'Look again later; if it stays, see whether the name servers of the domain answer.';

/** Findings about one name. */
export function about(subject: Finding['subject'], name: string) {
  const found = (state: Finding['state'], says: string, remedy: string): Finding => {
    return { subject, name: shown(name), state, says: shown(says), remedy: shown(remedy) };
  };
  return {
    ok: (says: string) => found('ok', says, ''),
    warning: (says: string, remedy: string) => found('warning', says, remedy),
    bad: (says: string, remedy: string) => found('bad', says, remedy),
    unknown: (asked: string, why: string) => found('unknown', `${asked} could not be asked: ${why}.`, againLater),
  };
}

const longest = 1_000;

/** Anybody can write anything into a record, and a terminal obeys some of it. */
function shown(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\ufffd');
  return plain.length <= longest ? plain : `${plain.slice(0, longest)}…`;
}
