import type { Hint } from '../database/queue/hint.ts';
import type { Frontier } from './frontier.ts';

/** Rows that went back to waiting lie before the hint: they are looked for anew this often, or as seldom as keeps the looking to a hundredth of the time. */
const leastGoodForMs = 5_000;
const mostGoodForMs = 30_000;
const shareOfLooking = 0.01;
/** There may be rows before it. All other outcomes come before anything is looked for. */
const lookedInVain = new Set(['no_work', 'more', 'busy']);

/**
 * Where a loop's next claim begins to look. While a transaction holds a snapshot (a report, a backup), what was claimed since can't be cleared
 * away, and each claim would walk over all of it. What it takes is a stretch of the frontier; a loop that was at the beginning goes on by
 * itself until it has come to where the others are, so that no row is left behind for longer than a look from the beginning is off.
 */
export class ClaimHint {
  #hint: Hint | null = null;
  /** The end of its own stretch. */
  #until = 0;
  #since = Number.NEGATIVE_INFINITY;
  #goodForMs = leastGoodForMs;
  #askedAt = Number.NEGATIVE_INFINITY;
  readonly #frontier: Frontier;
  readonly #now: () => number;

  /** @param now milliseconds on a clock that is never set */
  constructor(frontier: Frontier, now: () => number = () => performance.now()) {
    this.#frontier = frontier;
    this.#now = now;
  }

  /** For a claim of up to so many rows that is made now; null: from the beginning. */
  take(limit: number): Hint | null {
    this.#askedAt = this.#now();
    if (this.#askedAt - this.#since >= this.#goodForMs) this.#hint = null;
    if (this.#hint !== null && this.#hint.position >= this.#until) {
      this.#hint = this.#frontier.next(this.#hint, limit);
      this.#until = this.#hint.position + limit;
    }
    return this.#hint;
  }

  /** What that claim answered. */
  note({ outcome, hint }: { readonly outcome: string; readonly hint?: Hint }): void {
    if (hint !== undefined) {
      if (this.#hint === null) this.#lookedFromTheBeginning();
      if (this.#hint === null || !goesOn(this.#hint, hint)) this.#until = this.#frontier.reached(hint);
      this.#frontier.raise(hint);
      this.#hint = hint;
    } else if (lookedInVain.has(outcome)) this.#hint = null;
  }

  #lookedFromTheBeginning(): void {
    this.#since = this.#now();
    const tookMs = this.#since - this.#askedAt;
    this.#goodForMs = Math.min(Math.max(tookMs / shareOfLooking, leastGoodForMs), mostGoodForMs);
  }
}

function goesOn(from: Hint, to: Hint): boolean {
  const isSameQueue = from.taskId === to.taskId && from.lane === to.lane && from.availableAt === to.availableAt;
  return isSameQueue && to.position > from.position;
}
