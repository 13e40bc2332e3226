// Shares of mails, and whether two of them differ by more than chance. A share of nothing is null.
import type { DomainNumbers } from '../database/reports/report.ts';

type Counts = Pick<DomainNumbers, 'sent' | 'failed' | 'bounced'>;

export function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.max(part, 0) / whole : null;
}

/** Mails whose hand-over was decided. */
export function decided({ sent, failed }: Counts): number {
  return sent + failed;
}

/** Mails that were refused, or stand as bounced. */
export function lost({ failed, bounced }: Counts): number {
  return Math.max(failed + bounced, 0);
}

/** The success rate of docs/operations.md: taken, and not standing as bounced, of what was decided. */
export function successRate(counts: Counts): number | null {
  return share(counts.sent - counts.bounced, decided(counts));
}

export function refusalRate(counts: Counts): number | null {
  return share(counts.failed, decided(counts));
}

export function bounceRate({ bounced, sent }: Counts): number | null {
  return share(bounced, sent);
}

const standardErrors = 3;

/** Whether two shares differ by more than chance would have it in 99.7 of 100 cases (two-proportion z-test). */
export function differs(part: number, whole: number, otherPart: number, otherWhole: number): boolean {
  if (whole <= 0 || otherWhole <= 0) return false;
  const both = (part + otherPart) / (whole + otherWhole);
  const error = Math.sqrt(both * (1 - both) * (1 / whole + 1 / otherWhole));
  return error > 0 && Math.abs(part / whole - otherPart / otherWhole) > standardErrors * error;
}
