// EngageLab's words for what happened to a mail, and ours.
import { type Kinds, kindIn } from './webhook_kinds.ts';
import type { MailEventKind } from './webhook_source.ts';

/** One event as it came, its fields gathered from wherever the form puts them. */
export interface Report {
  readonly word: string | null;
  readonly emailId: string | null;
  readonly messageId: string | null;
  readonly recipient: string | null;
  readonly time: string | null;
  readonly subStatus: string | null;
  readonly bounceType: string | null;
  readonly reason: string | null;
  readonly url: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly explorerName: string | null;
  readonly osName: string | null;
}

interface Reading {
  readonly kind: MailEventKind;
  /** Said in front of the provider's own reason. */
  readonly note: string | null;
}

const KINDS: Kinds = {
  sent: 'sent',
  delivered: 'delivered',
  soft_bounce: 'soft_bounce',
  hard_bounce: 'hard_bounce',
  open: 'open',
  opened: 'open',
  click: 'click',
  clicked: 'click',
  unsubscribe: 'unsubscribe',
  unsubscribed: 'unsubscribe',
  report_spam: 'complaint',
  spam_report: 'complaint',
  complaint: 'complaint',
};

/** The address has a format error or does not exist. */
const HARD = new Set(['404', '406', '506']);
/** On the provider's own list: blacklisted, unsubscribed. */
const SUPPRESSED = new Set(['401', '402']);

export function kindOf(report: Report): Reading {
  if (report.word === 'invalid_email') return invalidEmail(report.subStatus);
  if (report.word === 'bounce' || report.word === 'bounced') return bounce(report.bounceType);
  return plain(kindIn(KINDS, report.word) ?? 'other');
}

/** By the numbers of its record. Null: still on its way. */
export function kindOfStatus(status: string, subStatus: string | null): Reading | null {
  if (status === '18') return null;
  if (status === '1') return plain('delivered');
  if (status === '4') return invalidEmail(subStatus === '0' ? null : subStatus);
  if (status === '5') return plain(HARD.has(subStatus ?? '') ? 'hard_bounce' : 'soft_bounce');
  return plain('other');
}

// A block or a full mailbox also comes as invalid_email: only some sub-statuses speak of the address itself.
function invalidEmail(subStatus: string | null): Reading {
  if (subStatus === null || HARD.has(subStatus)) return plain('hard_bounce');
  if (SUPPRESSED.has(subStatus)) return { kind: 'failed', note: 'already suppressed at provider' };
  return plain('soft_bounce');
}

function bounce(type: string | null): Reading {
  return plain(/soft|transient|temporary/i.test(type ?? '') ? 'soft_bounce' : 'hard_bounce');
}

function plain(kind: MailEventKind): Reading {
  return { kind, note: null };
}
