// What an answer of EngageLab's comes to. Codes: docs of EngageLab's REST API, and public code that runs against it.
import { z } from 'zod';
import type { Exchange } from './post_line.ts';
import type { Outcome, UnusableReason } from './provider.ts';
import { clip, MAX_ID_BYTES } from './text.ts';

type Answer = Extract<Exchange, { kind: 'answer' }>;

/** Response text kept, in bytes. */
const MAX_TEXT = 1_024;
const MAX_RETRY_AFTER_MS = 86_400_000;

const AUTHENTICATION_FAILED = 30_000;
const BALANCE_NOT_ENOUGH = 30_877;
/** From empty, a forbidden header, custom_args not JSON: the mail itself is at fault. */
const MAIL_AT_FAULT = new Set([30_801, 30_862, 30_893]);

const accepted = z.looseObject({ email_ids: z.array(z.string().min(1)).min(1) });
const problem = z.looseObject({
  code: z
    .union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)])
    .nullable()
    .catch(null),
  message: z.string().nullable().catch(null),
});

interface Problem {
  readonly status: number;
  /** EngageLab's own code, or null. */
  readonly code: number | null;
  readonly text: string;
}

/** Classifies one answer; `recipient` is needed to tell an error about the address from one about the service. */
export function outcomeOf(answer: Answer, recipient: string): Outcome {
  if (answer.status >= 200 && answer.status < 300) return successOf(answer);
  const found = problemOf(answer);
  if (answer.status >= 500) return serverFault(found, retryAfterMs(answer));
  if (answer.status >= 400) return clientFault(found, retryAfterMs(answer), recipient);
  return unusable(found, 'configuration');
}

/** A 2xx without an id proves neither that the mail was taken nor that it was not. */
function successOf(answer: Answer): Outcome {
  const parsed = accepted.safeParse(jsonOf(answer.body));
  const response = clip(answer.body, MAX_TEXT);
  if (!parsed.success) return { kind: 'unknown', code: 'answer', message: response || `HTTP ${answer.status}` };
  return { kind: 'accepted', messageId: clip(parsed.data.email_ids[0] ?? '', MAX_ID_BYTES), response };
}

function serverFault(found: Problem, waitMs: number | null): Outcome {
  if (found.status === 503 && waitMs !== null) return deferred(found, waitMs);
  return { kind: 'unknown', code: codeOf(found), message: found.text };
}

function clientFault(found: Problem, waitMs: number | null, recipient: string): Outcome {
  if (found.status === 401 || found.code === AUTHENTICATION_FAILED) return unusable(found, 'authentication');
  if (isAboutBalance(found)) return unusable(found, 'balance');
  if (found.status === 404) return unusable(found, 'configuration');
  if (found.code !== null && MAIL_AT_FAULT.has(found.code)) return refused(found);
  if (blamesRecipient(found.text, recipient)) return refused(found);
  return deferred(found, waitMs);
}

// Matched on 4xx only. The prepaid balance running out must stop the service, not fail its mails one after the other.
function isAboutBalance(found: Problem): boolean {
  return found.code === BALANCE_NOT_ENOUGH || found.status === 402 || /\bbalance\b|余额/i.test(found.text);
}

// Strict on purpose: a wrong "yes" fails a mail for good, a wrong "no" only costs a few attempts.
function blamesRecipient(text: string, recipient: string): boolean {
  if (/\b(from|sender)\b/i.test(text)) return false;
  const named = text.toLowerCase().includes(recipient.toLowerCase()) || /\brecipients?\b|^"?to"?\b/i.test(text);
  return named && /\binvalid\b|\bnot valid\b|\billegal\b|\bincorrect\b|\bformat\b|\bdoes not exist\b/i.test(text);
}

function unusable(found: Problem, reason: UnusableReason): Outcome {
  return { kind: 'unusable', code: codeOf(found), message: found.text, reason };
}

function refused(found: Problem): Outcome {
  return { kind: 'refused', code: codeOf(found), message: found.text };
}

function deferred(found: Problem, waitMs: number | null): Outcome {
  return { kind: 'deferred', code: codeOf(found), message: found.text, retryAfterMs: waitMs };
}

function codeOf(found: Problem): string {
  return found.code === null ? `http_${found.status}` : String(found.code);
}

function problemOf(answer: Answer): Problem {
  const parsed = problem.safeParse(jsonOf(answer.body));
  const { code, message } = parsed.success ? parsed.data : { code: null, message: null };
  return {
    status: answer.status,
    code,
    text: clip(message ?? answer.body.trim(), MAX_TEXT) || `HTTP ${answer.status}`,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Retry-After in seconds or as a date (RFC 9110), at most a day; null when absent or nonsense. */
function retryAfterMs(answer: Answer): number | null {
  const value = answer.headers['retry-after']?.trim();
  if (!value) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
