// Amazon SES's types of bounces, which Resend hands through, and ours.
// Source: Amazon SES, "Contents of event data", bounce types; RFC 3463 for the status.
import type { MailEventKind } from './webhook_source.ts';

export interface Bounce {
  readonly type: string | null;
  readonly subType: string | null;
  /** As the receiving server said it: 5.1.1 */
  readonly status: string | null;
  readonly diagnostic: string | null;
}

/** Not even tried: the address is on a list of the provider's. */
const SUPPRESSED = new Set(['Suppressed', 'OnAccountSuppressionList', 'UnsubscribedRecipient']);
/** Permanent for this mail, not for the address: its mailbox is full, the mail too big, the way there, the content or a policy. */
const NOT_THE_ADDRESS = /^(4\.|5\.2\.[23]$|5\.[3467]\.)/;
const STATUS = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)/;

export function isSuppressed(subType: string | null): boolean {
  return SUPPRESSED.has(subType ?? '');
}

/** A hard bounce is held against the address for good, so only what speaks of the address itself is one. */
export function bounceKind({ type, subType, status, diagnostic }: Bounce): MailEventKind {
  if (isSuppressed(subType)) return 'failed';
  if (type !== 'Permanent') return 'soft_bounce';
  if (subType === 'NoEmail') return 'hard_bounce';
  const said = status ?? diagnostic?.match(STATUS)?.[0] ?? '';
  return NOT_THE_ADDRESS.test(said) ? 'soft_bounce' : 'hard_bounce';
}
