// Amazon SES's types of bounces, which Resend hands through, and ours.
// Source: Amazon SES, "Contents of event data", bounce types.
import { judgeStatus } from './bounce_status.ts';
import type { MailEventKind } from './webhook_source.ts';

export interface SesBounce {
  readonly type: string | null;
  readonly subType: string | null;
  /** As the receiving server said it: 5.1.1 */
  readonly status: string | null;
  readonly diagnostic: string | null;
}

/** Not even tried: the address is on a list of the provider's. */
const SUPPRESSED = new Set(['Suppressed', 'OnAccountSuppressionList', 'UnsubscribedRecipient']);

export function isSuppressed(subType: string | null): boolean {
  return SUPPRESSED.has(subType ?? '');
}

/** "Permanent" is of this mail; of the address only where what the receiving server said doesn't deny it. */
export function bounceKind({ type, subType, status, diagnostic }: SesBounce): MailEventKind {
  if (isSuppressed(subType)) return 'failed';
  if (type !== 'Permanent') return 'soft_bounce';
  if (subType === 'NoEmail') return 'hard_bounce';
  return judgeStatus(status, diagnostic) ?? 'hard_bounce';
}
