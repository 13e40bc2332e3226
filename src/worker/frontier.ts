import type { Hint } from '../database/queue/hint.ts';

/** Of rows that never had to wait, which lie in the order of their positions alone. */
const neverWaited = '-infinity';
const mostKept = 10_000;

/**
 * How far the loops of this process have come in each queue (a Task's rows of one lane). Each begins its claim behind what the others are
 * taking at that moment: where two begin at the same row, the second has to look at, and lock for a moment, all that the first one takes.
 */
export class Frontier {
  readonly #reached = new Map<string, number>();

  /** The position up to which rows were taken, or are being taken; infinite in a queue where each goes on by itself. */
  reached(hint: Hint): number {
    return hint.availableAt === neverWaited ? (this.#reached.get(queueOf(hint)) ?? 0) : Number.POSITIVE_INFINITY;
  }

  /** The next stretch of so many rows. */
  next(hint: Hint, rows: number): Hint {
    const position = Math.max(hint.position, this.reached(hint));
    if (this.#reached.size > mostKept) this.#reached.clear();
    this.#reached.set(queueOf(hint), position + rows);
    return { ...hint, position };
  }
}

function queueOf({ taskId, lane }: Hint): string {
  return `${taskId} ${lane}`;
}
