// What an enhanced status code (RFC 3463) says of an address.
import type { MailEventKind } from '../providers/webhook_source.ts';

/**
 * Nobody is there, and nobody will be: no such mailbox, no such domain, no such syntax, moved away, no such recipient (Exchange), disabled. Of
 * all other refusals (a full mailbox, policy, content, reputation) the address is not to blame, or not for ever.
 */
const NOBODY_THERE = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);

// No part of a longer number: of an IP address or a version.
const CODE = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\d|\.\d)/g;

/** All codes in a text, in order. */
export function codesIn(text: string): string[] {
  return Array.from(text.matchAll(CODE), ([, code = '']) => code);
}

/**
 * A bounce is hard when its codes agree that nobody is there. Those that say nothing (5.0.0, which exim writes always) don't count; where a server
 * made 5.1.1 of another's 5.7.1, the two don't agree.
 */
export function bounceOf(codes: readonly string[]): Extract<MailEventKind, 'hard_bounce' | 'soft_bounce'> {
  const telling = codes.filter((code) => !code.endsWith('.0.0'));
  return telling.length > 0 && telling.every((code) => NOBODY_THERE.has(code)) ? 'hard_bounce' : 'soft_bounce';
}
