// What an enhanced status code (RFC 3463) says of the address that a mail was refused for: one judgement for providers and for bounces by mail.
import type { MailEventKind } from './webhook_source.ts';

export type Bounce = Extract<MailEventKind, 'hard_bounce' | 'soft_bounce'>;

/**
 * Nobody is there, and nobody will be: no such mailbox, no such domain, no such syntax, moved away, no such recipient (Exchange), disabled. Of
 * all other refusals (a full mailbox, policy, content, reputation) the address is not to blame, or not for ever.
 */
const NOBODY_THERE = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** Not part of a longer number, such as an IP address or a version. */
const CODE = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/g;
/** Of a failure, and not "other or undefined status" (exim writes it always), which says nothing that the class of the reply did not. */
const TELLING = /^[45]\.(?!0\.0$)/;

/** All codes in a text, in order. */
export function codesIn(text: string): string[] {
  return text.match(CODE) ?? [];
}

/**
 * A bounce is held against the address for good, so it is hard only when all codes that say anything agree that nobody is there: where a server
 * made 5.1.1 of another's 5.7.1, they don't.
 * @returns null when none says anything: then the provider's own word must do
 */
export function judgeCodes(codes: readonly string[]): Bounce | null {
  const telling = codes.filter((code) => TELLING.test(code));
  if (telling.length === 0) return null;
  return telling.every((code) => NOBODY_THERE.has(code)) ? 'hard_bounce' : 'soft_bounce';
}

/** Judges by the first code of each text: a reply begins with it, and what else looks like one in its words may be anything. */
export function judgeStatus(...texts: readonly (string | null)[]): Bounce | null {
  return judgeCodes(texts.flatMap((text) => codesIn(text ?? '').slice(0, 1)));
}
