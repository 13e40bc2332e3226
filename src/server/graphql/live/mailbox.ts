/**
 * Holds at most one signal: whoever takes it reads the state as it is then, so a second one that came meanwhile would say nothing new,
 * and a slow subscriber costs no memory.
 */
export class Mailbox {
  readonly #onClose: () => void;
  #isFull = false;
  #isClosed = false;
  #reader: PromiseWithResolvers<void> | null = null;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  put(): void {
    this.#isFull = true;
    this.#reader?.resolve();
  }

  /** Resolves when there is a signal, which stays: true; or none will come any more: false. */
  async arrival(): Promise<boolean> {
    while (!this.#isFull && !this.#isClosed) {
      this.#reader ??= Promise.withResolvers();
      await this.#reader.promise;
      this.#reader = null;
    }
    return !this.#isClosed;
  }

  /** Takes the signal out: call it before looking, so that what changes during the look is looked at again. */
  empty(): void {
    this.#isFull = false;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reader?.resolve();
    this.#onClose();
  }
}
