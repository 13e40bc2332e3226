// Delivery status notifications: RFC 3464, and RFC 6533 for addresses beyond ASCII.
import { type Bounce, codesIn, judgeStatus } from '../providers/bounce_status.ts';
import { clip, MAX_TEXT_BYTES } from '../providers/text.ts';
import type { MailEventKind } from '../providers/webhook_source.ts';
import { type Fields, fieldsOf, first } from './fields.ts';
import type { Message } from './message.ts';
import { addressOf, type Report, timeOf } from './report.ts';

const TYPES = new Set(['message/delivery-status', 'message/global-delivery-status']);
const MAX_RECIPIENTS = 100;

/** Where the status has no action, which some leave out: the class of its code. */
const ACTION_OF_CLASS: Readonly<Record<string, string>> = { 2: 'delivered', 4: 'delayed', 5: 'failed' };

/** One report for each recipient; null when the message is no notification, or one of nobody. */
export function deliveryReports({ leaves }: Message): Report[] | null {
  const status = leaves.find(({ type }) => TYPES.has(type));
  if (status === undefined) return null;
  const [message, ...recipients] = blocksOf(status.text());
  // A block for the message comes first; where it was left out, the first is a recipient's.
  const blocks = message !== undefined && isRecipient(message) ? [message, ...recipients] : recipients;
  const reporter = first(message ?? new Map(), 'reporting-mta');
  const reports = blocks
    .filter(isRecipient)
    .slice(0, MAX_RECIPIENTS)
    .map((block) => reportOf(block, reporter));
  return reports.length === 0 ? null : togetherSofter(reports);
}

function blocksOf(text: string): Fields[] {
  return text
    .split(/(?:\r?\n[ \t]*){2,}/)
    .map(fieldsOf)
    .filter(({ size }) => size > 0);
}

function isRecipient(block: Fields): boolean {
  return block.has('final-recipient') || block.has('original-recipient') || block.has('action');
}

function reportOf(block: Fields, reporter: string | null): Report {
  const diagnostic = first(block, 'diagnostic-code');
  const [status] = codesIn(first(block, 'status') ?? '');
  const code = status ?? codesIn(diagnostic ?? '')[0];
  const action = wordOf(first(block, 'action')) ?? ACTION_OF_CLASS[code?.[0] ?? ''] ?? 'unknown';
  return {
    kind: kindOf(action, judgeStatus(status ?? null, diagnostic)),
    occurredAt: timeOf(first(block, 'last-attempt-date')),
    recipient: addressOf(first(block, 'original-recipient')) ?? addressOf(first(block, 'final-recipient')),
    action: clip(action, MAX_TEXT_BYTES),
    detail: {
      report: 'delivery status',
      action: clip(action, MAX_TEXT_BYTES),
      ...(status !== undefined && { status }),
      ...(diagnostic !== null && { reason: clip(diagnostic, MAX_TEXT_BYTES) }),
      ...(reporter !== null && { reporter: clip(reporter, MAX_TEXT_BYTES) }),
    },
  };
}

/** A comment in brackets may follow. */
function wordOf(field: string | null): string | null {
  return /^[\w-]+/.exec(field ?? '')?.[0].toLowerCase() ?? null;
}

function kindOf(action: string, judged: Bounce | null): MailEventKind {
  switch (action) {
    case 'failed':
      return judged ?? 'soft_bounce';
    case 'delayed':
      return 'deferred';
    // Expanded: delivered to the address, which passed it on to others.
    case 'delivered':
    case 'expanded':
      return 'delivered';
    // Relayed: handed to somebody who will not say what becomes of it.
    default:
      return 'other';
  }
}

/** A mail of ours has one recipient: several are where that address sent it on to. It is dead only when all of them are. */
function togetherSofter(reports: Report[]): Report[] {
  if (reports.every(({ kind }) => kind === 'hard_bounce')) return reports;
  return reports.map((report) => (report.kind === 'hard_bounce' ? { ...report, kind: 'soft_bounce' } : report));
}
