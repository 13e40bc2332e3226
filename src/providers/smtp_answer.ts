// What a failed hand-over over SMTP comes to. Codes: RFC 5321 (replies), RFC 3463 (enhanced), RFC 4954 (authentication).
import { z } from 'zod';
import type { Outcome, UnusableReason } from './provider.ts';
import type { Passage } from './smtp_passage.ts';
import { clip } from './text.ts';

/** Reply text kept, in bytes. */
export const MAX_TEXT = 1_024;

const AUTHENTICATION = new Set([530, 534, 535, 538]);
/** The sender's address is at fault, whatever the command that says so. */
const SENDER_AT_FAULT = new Set(['5.1.7', '5.1.8']);
/** Postfix's words, which come in answer to RCPT with 5.7.1: every mail would be refused, so it is not this one's fault. */
const SERVICE_AT_FAULT = /\brelay|\bsender address rejected|\bclient host rejected/i;
/** Addressing, content, policy; of the mailbox only: disabled, message too long; message too big. Mailbox full (5.2.2) passes. */
const FOR_GOOD = /^5\.(1|6|7)\.|^5\.2\.[13]$|^5\.3\.4$/;
const MAY_PASS = /^5\.2\.2$/;
/** 552 is said of a message that is too big and of a mailbox that is full; exim adds no enhanced code to tell them apart. */
const TOO_BIG = /^(?!.*\b(mailbox|quota|storage)\b).*\bmessage\b.*\b(size|big|large)\b/i;
const FOR_GOOD_BASIC = new Set([550, 551, 553]);

const failure = z.object({
  code: z.string().nullable().catch(null),
  command: z.string().nullable().catch(null),
  response: z.string().nullable().catch(null),
  responseCode: z.number().nullable().catch(null),
  message: z.string().catch('the connection failed'),
});

interface Failure {
  /** nodemailer's code, such as EENVELOPE. */
  readonly code: string | null;
  readonly command: string | null;
  /** The server's reply code, or null when none came. */
  readonly status: number | null;
  readonly enhanced: string | null;
  readonly text: string;
}

/** Classifies what nodemailer threw, by how far the mail had got. */
export function outcomeOf(error: unknown, passage: Passage): Outcome {
  const found = failureOf(error);
  if (found.code === 'EAUTH') return authenticationFault(found);
  if (passage.stage === 'connecting') return notConnected(found);
  if (isReply(found)) return replied(found, found.status);
  const code = passage.overdue || found.code === 'ETIMEDOUT' ? 'timeout' : 'connection';
  if (passage.stage === 'ended') return { kind: 'unknown', code, message: found.text };
  return deferred(found, found.status === null ? code : codeOf(found));
}

// Only these two are given for a reply to a command of ours; with any other, a number in the text proves nothing about this mail.
function isReply(found: Failure): found is Failure & { status: number } {
  const given = found.code === 'EENVELOPE' || found.code === 'EMESSAGE';
  return given && found.status !== null && found.status >= 400 && found.status < 600;
}

/** A 4xx to AUTH says that the service is too busy to check a password, not that it is wrong. */
function authenticationFault(found: Failure): Outcome {
  const temporary = found.status !== null && found.status < 500;
  return unusable(found, temporary ? 'unreachable' : 'authentication');
}

/** Nothing of any mail was written. A firm no to the greeting, EHLO or STARTTLS will not change by waiting. */
function notConnected(found: Failure): Outcome {
  if (found.status === null) return unusable(found, 'unreachable', 'connect');
  if (AUTHENTICATION.has(found.status)) return unusable(found, 'authentication');
  return unusable(found, found.status >= 500 ? 'configuration' : 'unreachable');
}

function replied(found: Failure, status: number): Outcome {
  if (status < 500) return deferred(found);
  if (AUTHENTICATION.has(status)) return unusable(found, 'authentication');
  if (blamesService(found)) return unusable(found, 'configuration');
  return isForGood(found, status) ? { kind: 'refused', code: codeOf(found), message: found.text } : deferred(found);
}

function blamesService(found: Failure): boolean {
  if (found.command === 'MAIL FROM' || SENDER_AT_FAULT.has(found.enhanced ?? '')) return true;
  return found.command === 'RCPT TO' && SERVICE_AT_FAULT.test(found.text);
}

// Strict on purpose: a wrong "yes" fails a mail for good, a wrong "no" only costs a few attempts. The enhanced code says more than the
// basic one, which is often 550 for anything at all; 554 is as vague, but after the message it can only be about the message.
function isForGood(found: Failure, status: number): boolean {
  const enhanced = found.enhanced ?? '';
  if (FOR_GOOD.test(enhanced)) return true;
  if (MAY_PASS.test(enhanced)) return false;
  if (FOR_GOOD_BASIC.has(status)) return true;
  return found.command === 'DATA' && (status === 554 || (status === 552 && TOO_BIG.test(found.text)));
}

function deferred(found: Failure, code = codeOf(found)): Outcome {
  return { kind: 'deferred', code, message: found.text, retryAfterMs: null };
}

function unusable(found: Failure, reason: UnusableReason, code = codeOf(found)): Outcome {
  return { kind: 'unusable', code, message: found.text, reason };
}

function codeOf(found: Failure): string {
  return found.enhanced ?? (found.status === null ? (found.code ?? 'connection') : String(found.status));
}

function failureOf(error: unknown): Failure {
  const parsed = failure.safeParse(error);
  const { code, command, response, responseCode, message } = parsed.success ? parsed.data : failure.parse({});
  return {
    code,
    command,
    status: responseCode,
    enhanced: response?.match(/^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/)?.[1] ?? null,
    text: clip(response ?? message, MAX_TEXT),
  };
}
