// An accepted mail, as far as its events need it, and the ids EngageLab would give it.
import type { Entry } from './entry.ts';

export interface AcceptedMail {
  readonly entry: Entry;
  readonly apiUser: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly customArgs: unknown;
  /** On loopback hosts, found in the html; empty unless they shall be fetched. */
  readonly pixels: readonly string[];
  readonly links: readonly string[];
}

/** As in webhooks: time, a number, sequence number, and a tail like the real ones'. */
export function messageIdOf(entry: Entry): string {
  return `${Math.floor(entry.wallAt)}_104117_${entry.seq}_1350.sc-simulator-inbound`;
}

/** Message id, index, "$" and recipient. */
export function emailIdOf(entry: Entry): string {
  return `${messageIdOf(entry)}0$${entry.recipient ?? ''}`;
}
