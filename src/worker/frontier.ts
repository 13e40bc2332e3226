import type { Hint } from '../database/queue/hint.ts';

/** Of rows that never had to wait, which lie in the order of their positions alone. */
const neverWaited = '-infinity';
/** Rows may have come back behind a frontier at which nobody is any more. */
const keptForMs = 30_000;

interface Reached {
  readonly position: number;
  readonly since: number;
}

/**
 * How far the loops of this process have come in each queue (a Task's rows of one lane). Each begins its claim behind what the others are
 * taking at that moment: where two begin at the same row, the second has to look at, and lock for a moment, all that the first one takes.
 */
export class Frontier {
  readonly #reached = new Map<string, Reached>();
  readonly #now: () => number;

  /** @param now milliseconds on a clock that is never set */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The position up to which rows were taken, or are being taken; infinite in a queue where each goes on by itself. */
  reached(hint: Hint): number {
    if (hint.availableAt !== neverWaited) return Number.POSITIVE_INFINITY;
    const reached = this.#reached.get(queueOf(hint));
    return reached === undefined || this.#now() - reached.since > keptForMs ? 0 : reached.position;
  }

  /** Where the next claim of up to so many rows begins. Where positions have gaps it reaches further than that: `raise` tells. */
  next(hint: Hint, rows: number): Hint {
    const position = Math.max(hint.position, this.reached(hint));
    this.raise({ ...hint, position: position + rows });
    return { ...hint, position };
  }

  /** A claim ended there. */
  raise(hint: Hint): void {
    if (hint.position <= this.reached(hint)) return;
    const queue = queueOf(hint);
    // In the order in which they were raised: those that nobody works at any more come first.
    this.#reached.delete(queue);
    this.#reached.set(queue, { position: hint.position, since: this.#now() });
    for (const [oldest, { since }] of this.#reached) {
      if (this.#now() - since <= keptForMs) break;
      this.#reached.delete(oldest);
    }
  }
}

function queueOf({ taskId, lane }: Hint): string {
  return `${taskId} ${lane}`;
}
