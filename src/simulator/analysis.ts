// Judges a run by what arrived at the provider: how close two requests of an account came, and which mail was taken twice. Pure.
import type { Entry } from './entry.ts';

export interface AccountAnalysis {
  /** Requests of every outcome: a refused hand-over counts against the interval as well. */
  readonly requests: number;
  /** Mails accepted, repeats not counted. */
  readonly sent: number;
  /** Of the requests, on the simulator's monotonic clock, in milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Null with fewer than two requests. */
  readonly minGapMs: number | null;
  /** Gaps below the interval; 0 where no interval is given. */
  readonly violations: number;
}

/** A mail accepted although it had been accepted before, under another request. */
export interface Duplicate {
  readonly seq: number;
  readonly firstSeq: number;
  readonly account: string | null;
  readonly subTaskId: string | null;
  readonly recipient: string | null;
  readonly campaign: string | null;
  readonly by: 'sub_task' | 'recipient';
}

export interface Analysis {
  readonly accounts: Readonly<Record<string, AccountAnalysis>>;
  readonly duplicatesAtProvider: readonly Duplicate[];
}

/**
 * @param records In any order, such as the lines of a record file.
 * @param intervalMsByAccount Smallest gap promised, by api user.
 */
export function analyse(records: Iterable<Entry>, intervalMsByAccount: Readonly<Record<string, number>>): Analysis {
  const arrivals = new Map<string, Arrivals>();
  const duplicates = new DuplicateSearch();
  for (const record of records) {
    const account = arrivalsOf(arrivals, record.account ?? '');
    account.at.push(record.arrivedAt);
    if (record.outcome !== 'accepted') continue;
    account.sent++;
    duplicates.add(record);
  }
  const accounts = [...arrivals].map(([name, found]) => [name, ofAccount(found, intervalMsByAccount[name] ?? 0)]);
  return { accounts: Object.fromEntries(accounts), duplicatesAtProvider: duplicates.found };
}

interface Arrivals {
  readonly at: number[];
  sent: number;
}

function arrivalsOf(arrivals: Map<string, Arrivals>, name: string): Arrivals {
  const known = arrivals.get(name) ?? { at: [], sent: 0 };
  arrivals.set(name, known);
  return known;
}

function ofAccount(arrivals: Arrivals, intervalMs: number): AccountAnalysis {
  const at = Float64Array.from(arrivals.at).sort();
  let minGapMs = Number.POSITIVE_INFINITY;
  let violations = 0;
  for (let i = 1; i < at.length; i++) {
    const gap = (at[i] ?? 0) - (at[i - 1] ?? 0);
    minGapMs = Math.min(minGapMs, gap);
    if (gap < intervalMs) violations++;
  }
  return {
    requests: at.length,
    sent: arrivals.sent,
    firstAt: at[0] ?? 0,
    lastAt: at.at(-1) ?? 0,
    minGapMs: at.length < 2 ? null : minGapMs,
    violations,
  };
}

class DuplicateSearch {
  readonly found: Duplicate[] = [];
  readonly #bySubTask = new Map<string, number>();
  readonly #byRecipient = new Map<string, number>();

  add(entry: Entry): void {
    const sameSubTask = seenBefore(this.#bySubTask, entry.subTaskId, entry.seq);
    const sameRecipient = seenBefore(this.#byRecipient, recipientKey(entry), entry.seq);
    if (sameSubTask !== null) this.found.push(duplicate(entry, sameSubTask, 'sub_task'));
    else if (sameRecipient !== null) this.found.push(duplicate(entry, sameRecipient, 'recipient'));
  }
}

/** Without a campaign nothing can be said: two mailings may go to one address. */
function recipientKey({ recipient, campaign }: Entry): string | null {
  return recipient === null || campaign === null ? null : `${campaign} ${recipient.toLowerCase()}`;
}

function seenBefore(seen: Map<string, number>, key: string | null, seq: number): number | null {
  if (key === null) return null;
  const first = seen.get(key) ?? null;
  if (first === null) seen.set(key, seq);
  return first;
}

function duplicate(entry: Entry, otherSeq: number, by: Duplicate['by']): Duplicate {
  const { account, subTaskId, recipient, campaign } = entry;
  const [firstSeq, seq] = [Math.min(entry.seq, otherSeq), Math.max(entry.seq, otherSeq)];
  return { seq, firstSeq, account, subTaskId, recipient, campaign, by };
}
