// Runs jobs at their time, a few at once, and again as long as a job asks for it.

/** @returns milliseconds to wait before it is tried again, or null when it is done with, well or ill. */
export type Job = () => Promise<number | null>;

export class Courier {
  readonly #concurrency: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #ready: Job[] = [];
  /** Where the queue begins: taking from the front of a long array is slow. */
  #head = 0;
  #running = 0;
  /** Counts the calls of clear(). */
  #era = 0;
  #pending = 0;
  #idleWaiters: (() => void)[] = [];

  /** @param concurrency Asked before each start, so that it may change. */
  constructor(concurrency: () => number) {
    this.#concurrency = concurrency;
  }

  /** Jobs due, waiting for their time, or running. */
  get pending(): number {
    return this.#pending;
  }

  add(afterMs: number, job: Job): void {
    this.#pending++;
    this.#schedule(afterMs, job);
  }

  /** Resolves when nothing is pending. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
      this.#wakeWhenIdle();
    });
  }

  /** Forgets what has not begun. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#ready = [];
    this.#head = 0;
    this.#era++;
    this.#pending = this.#running;
    this.#wakeWhenIdle();
  }

  #schedule(afterMs: number, job: Job): void {
    this.#wait(performance.now() + afterMs, job);
  }

  // A timer counts in whole milliseconds and may go off a fraction before its time; what is told then is told before it occurred.
  #wait(dueAt: number, job: Job): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        if (performance.now() < dueAt) return this.#wait(dueAt, job);
        this.#ready.push(job);
        this.#pump();
      },
      Math.ceil(dueAt - performance.now()),
    );
    this.#timers.add(timer);
  }

  #pump(): void {
    while (this.#running < this.#concurrency()) {
      const job = this.#ready[this.#head];
      if (job === undefined) break;
      this.#head++;
      this.#run(job);
    }
    if (this.#head * 2 < this.#ready.length) return;
    this.#ready = this.#ready.slice(this.#head);
    this.#head = 0;
  }

  async #run(job: Job): Promise<void> {
    const era = this.#era;
    this.#running++;
    const again = await job().catch(() => null);
    this.#running--;
    if (again === null || era !== this.#era) this.#pending--;
    else this.#schedule(again, job);
    this.#pump();
    this.#wakeWhenIdle();
  }

  #wakeWhenIdle(): void {
    if (this.#pending > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}
