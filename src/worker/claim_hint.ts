/** Rows that went back to waiting lie before the hint: they are looked for anew this often, or as seldom as keeps the looking to a hundredth of the time. */
const leastGoodForMs = 5_000;
const mostGoodForMs = 30_000;
const shareOfLooking = 0.01;
/** There may be rows before it. All other outcomes come before anything is looked for. */
const lookedInVain = new Set(['no_work', 'more', 'busy']);

/**
 * Where a loop's next claim begins to look. While a transaction holds a snapshot (a report, a backup), what was claimed since can't be cleared
 * away, and each claim would walk over all of it.
 */
export class ClaimHint {
  #hint: string | null = null;
  #since = Number.NEGATIVE_INFINITY;
  #goodForMs = leastGoodForMs;
  #askedAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  /** @param now milliseconds on a clock that is never set */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** For a claim that is made now; null: from the beginning. */
  take(): string | null {
    this.#askedAt = this.#now();
    if (this.#askedAt - this.#since >= this.#goodForMs) this.#hint = null;
    return this.#hint;
  }

  /** What that claim answered. */
  note({ outcome, hint }: { readonly outcome: string; readonly hint?: string }): void {
    if (hint !== undefined) {
      if (this.#hint === null) this.#lookedFromTheBeginning();
      this.#hint = hint;
    } else if (lookedInVain.has(outcome)) this.#hint = null;
  }

  #lookedFromTheBeginning(): void {
    this.#since = this.#now();
    const tookMs = this.#since - this.#askedAt;
    this.#goodForMs = Math.min(Math.max(tookMs / shareOfLooking, leastGoodForMs), mostGoodForMs);
  }
}
