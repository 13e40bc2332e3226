// Messages without a report that a machine could read: old bounces (qmail's, exim's before its version 4.90), and what is no bounce at all.
import { codesIn, judgeCodes } from '../providers/bounce_status.ts';
import { clip, MAX_TEXT_BYTES } from '../providers/text.ts';
import type { MailEventKind } from '../providers/webhook_source.ts';
import { first } from './fields.ts';
import type { Message } from './message.ts';
import { addressOf, type Report } from './report.ts';

/** What a server has to say comes first, and is short; behind it comes our own mail, in which any number may stand. */
const MAX_WORDS = 32_000;
const QUOTED = /^-+ ?(?:below this line|this is a copy|original message|returned message|the following)/im;
const DAEMON = /mailer-daemon|postmaster/i;

/** RFC 3834, and what was used before it. */
const AUTO_REPLY_HEADERS = ['x-autoreply', 'x-autorespond', 'x-autoresponse'];

export function plainReports(message: Message): Report[] {
  if (failedRecipients(message) !== null) return [bounceReport(message)];
  if (isAutoReply(message)) return [otherReport(message, 'auto-reply')];
  return [isFromDaemon(message) ? bounceReport(message) : otherReport(message, 'none')];
}

/** Exim's. It calls its bounces auto-replies, too, so this is asked first. */
function failedRecipients({ headers }: Message): string | null {
  return first(headers, 'x-failed-recipients');
}

function isAutoReply({ headers }: Message): boolean {
  return (
    /^auto-replied\b/i.test(first(headers, 'auto-submitted') ?? '') ||
    /^auto.?reply\b/i.test(first(headers, 'precedence') ?? '') ||
    AUTO_REPLY_HEADERS.some((name) => headers.has(name))
  );
}

function isFromDaemon({ headers }: Message): boolean {
  return DAEMON.test(first(headers, 'from') ?? '');
}

function bounceReport(message: Message): Report {
  const words = wordsOf(message);
  return {
    kind: kindOf(codesIn(words)),
    occurredAt: null,
    recipient: addressOf(failedRecipients(message)),
    action: 'failed',
    detail: { report: 'text', reason: clip(words.replace(/\s+/g, ' ').trim(), MAX_TEXT_BYTES) },
  };
}

function wordsOf({ leaves }: Message): string {
  const text =
    leaves
      .find(({ type }) => type === 'text/plain')
      ?.text()
      .slice(0, MAX_WORDS) ?? '';
  return text.slice(0, QUOTED.exec(text)?.index);
}

function kindOf(codes: readonly string[]): MailEventKind {
  const permanent = codes.filter((code) => code.startsWith('5'));
  if (permanent.length > 0) return judgeCodes(permanent) ?? 'soft_bounce';
  return codes.some((code) => code.startsWith('4')) ? 'deferred' : 'other';
}

function otherReport({ headers }: Message, report: string): Report {
  const subject = first(headers, 'subject');
  return {
    kind: 'other',
    occurredAt: null,
    recipient: null,
    action: report,
    detail: { report, ...(subject !== null && { subject: clip(subject, MAX_TEXT_BYTES) }) },
  };
}
