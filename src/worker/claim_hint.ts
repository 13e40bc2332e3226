/** Rows that went back to waiting lie before the hint: they are looked for anew this often. */
const goodForMs = 5_000;
/** There may be rows before it. All other outcomes come before anything is looked for. */
const lookedInVain = new Set(['no_work', 'more', 'busy']);

/**
 * Where a loop's next claim begins to look. While a transaction holds a snapshot (a report, a backup), what was claimed since can't be cleared
 * away, and each claim would walk over all of it.
 */
export class ClaimHint {
  #hint: string | null = null;
  #since = Number.NEGATIVE_INFINITY;

  /** For the next claim; null: from the beginning. */
  get current(): string | null {
    return performance.now() - this.#since < goodForMs ? this.#hint : null;
  }

  /** What a claim or an exchange answered. */
  note({ outcome, hint }: { readonly outcome: string; readonly hint?: string }): void {
    if (hint !== undefined) {
      if (this.current === null) this.#since = performance.now();
      this.#hint = hint;
    } else if (lookedInVain.has(outcome)) this.#hint = null;
  }
}
