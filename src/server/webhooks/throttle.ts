import { setTimeout as delay } from 'node:timers/promises';

/** Runs `work`, which must not throw, soon after a call, at most once an interval; calls in between share the next run. */
export class Throttle {
  readonly #intervalMs: number;
  readonly #work: () => Promise<void>;
  readonly #closing = new AbortController();
  #wanted = false;
  #running: Promise<void> | null = null;

  constructor(intervalMs: number, work: () => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#work = work;
  }

  call(): void {
    this.#wanted = true;
    this.#running ??= this.#run();
  }

  /** Does what was called for without waiting any longer. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      await this.#work();
      await delay(this.#intervalMs, null, { signal: this.#closing.signal }).catch(() => {});
    }
    this.#running = null;
  }
}
