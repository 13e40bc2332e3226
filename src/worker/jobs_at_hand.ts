// The jobs that a runner works on, so that it can say of those that are locked for it which it knows nothing of.
import type { WorkerEvents } from 'graphile-worker';

/** A job's end is written after it has ended, and again where that broke. */
const endsWithinMs = 15_000;

export class JobsAtHand {
  /** performance.now() ms at which each ended, by id; infinite: it runs. */
  readonly #endedAt = new Map<string, number>();

  constructor(events: WorkerEvents) {
    events.on('job:start', ({ job }) => this.#endedAt.set(job.id, Number.POSITIVE_INFINITY));
    events.on('job:complete', ({ job }) => this.#endedAt.set(job.id, performance.now()));
  }

  /** How many run. */
  get running(): number {
    return [...this.#endedAt.values()].filter((at) => at === Number.POSITIVE_INFINITY).length;
  }

  /** Those that run, and those whose end may not be written yet. */
  ids(): string[] {
    const since = performance.now() - endsWithinMs;
    for (const [id, endedAt] of this.#endedAt) if (endedAt < since) this.#endedAt.delete(id);
    return [...this.#endedAt.keys()];
  }
}
