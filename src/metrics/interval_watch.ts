// Whether a paced service's interval is kept, watched where it matters: from the answer to one mail until the next is written, on this process's
// monotonic clock, with no word of the database's. That no interval is undercut is a promise, so a doubt must not be counted as a breach.

/** The most by which clocks under NTP run apart: the interval is measured by the database's. */
const clockDrift = 0.0005;
/** What comes after two intervals, and after this time, was not waited for: another worker had the service meanwhile. */
const elsewhereMs = 1_000;

/** What is known of the pace; a new object each time it is read. */
export interface Terms {
  readonly intervalMs: number;
}

export interface IntervalReport {
  /** The gap was so much longer than the interval; below 0: it was shorter, as far as known. */
  kept(excessMs: number): void;
  undercut(): void;
}

export class IntervalWatch {
  readonly #report: IntervalReport;
  #last: { readonly at: number; readonly terms: Terms } | null = null;
  /** A gap that is too short by terms that may have been changed since they were read. */
  #doubt: { readonly gapMs: number; readonly terms: Terms } | null = null;
  #isWaitedFor = false;

  constructor(report: IntervalReport) {
    this.#report = report;
  }

  /** A mail is about to be written. `at`: performance.now(). */
  begins(at: number, terms: Terms): void {
    this.#settle(terms);
    if (this.#last !== null) this.#gap(at - this.#last.at, this.#last.terms, terms);
  }

  /** Its answer came. */
  ends(at: number, terms: Terms): void {
    this.#last = { at, terms };
    this.#isWaitedFor = true;
  }

  /** There was nothing to send: the next gap says nothing of punctuality. */
  rests(): void {
    this.#isWaitedFor = false;
  }

  #gap(gapMs: number, before: Terms, terms: Terms): void {
    if (this.#isWaitedFor && gapMs < Math.max(2 * terms.intervalMs, elsewhereMs))
      this.#report.kept(gapMs - terms.intervalMs);
    if (!isTooShort(gapMs, before) || !isTooShort(gapMs, terms)) return;
    if (terms === before) this.#doubt = { gapMs, terms };
    else this.#report.undercut();
  }

  /** Somebody may have shortened the interval while these terms were kept: those that are read next say so. */
  #settle(terms: Terms): void {
    if (this.#doubt === null || this.#doubt.terms === terms) return;
    if (isTooShort(this.#doubt.gapMs, terms)) this.#report.undercut();
    this.#doubt = null;
  }
}

function isTooShort(gapMs: number, { intervalMs }: Terms): boolean {
  return gapMs < intervalMs * (1 - clockDrift);
}
