export interface Signal {
  /** Counts what this subscriber was told, from 0. */
  readonly sequence: number;
  /** ISO 8601, of this machine's clock. */
  readonly at: string;
}

/**
 * Holds at most one signal: whoever takes it reads the state as it is then, so a second one that came meanwhile would say nothing new,
 * and a slow subscriber costs no memory.
 */
export class Mailbox implements AsyncIterableIterator<Signal> {
  readonly #onClose: () => void;
  #full = false;
  #closed = false;
  #sequence = 0;
  #reader: PromiseWithResolvers<void> | null = null;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  put(): void {
    this.#full = true;
    this.#reader?.resolve();
  }

  async next(): Promise<IteratorResult<Signal, undefined>> {
    while (!this.#full && !this.#closed) {
      this.#reader ??= Promise.withResolvers();
      await this.#reader.promise;
      this.#reader = null;
    }
    if (this.#closed) return { done: true, value: undefined };
    this.#full = false;
    return { done: false, value: { sequence: this.#sequence++, at: new Date().toISOString() } };
  }

  async return(): Promise<IteratorResult<Signal, undefined>> {
    this.#close();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    this.#close();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader?.resolve();
    this.#onClose();
  }
}
