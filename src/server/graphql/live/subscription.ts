import { isUnavailable } from '../../errors.ts';
import type { Mailbox } from './mailbox.ts';

/** When the database could not be asked; by then, or a little later, it can. */
const askAgainMs = 1000;

export interface Looking<T> {
  /**
   * Reads the subject with the caller's rights, as they are now. Throws when it may not be seen any more.
   * @param told what the client was told last; null: nothing yet. @returns null when nothing else is to be told
   */
  look(told: T | null): Promise<T | null>;
  /** Resolves when the client has taken what it was sent before. */
  ready(): Promise<void>;
}

/**
 * For each signal a look, and what is new to be seen goes to the client. A database that is away is waited for; any other error ends the
 * subscription, and the client is told.
 */
export class Subscription<T> implements AsyncIterableIterator<T> {
  readonly #mailbox: Mailbox;
  readonly #looking: Looking<T>;
  #told: T | null = null;
  #again: NodeJS.Timeout | null = null;

  constructor(mailbox: Mailbox, looking: Looking<T>) {
    this.#mailbox = mailbox;
    this.#looking = looking;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (await this.#mailbox.arrival()) {
      await this.#looking.ready();
      const news = await this.#look();
      if (news !== null) return { done: false, value: this.#tell(news) };
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    this.#end();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #tell(news: T): T {
    this.#told = news;
    return news;
  }

  async #look(): Promise<T | null> {
    this.#mailbox.empty();
    try {
      return await this.#looking.look(this.#told);
    } catch (error) {
      if (!isUnavailable(error)) return this.throw(error);
      this.#again = setTimeout(() => this.#mailbox.put(), askAgainMs);
      return null;
    }
  }

  #end(): void {
    if (this.#again !== null) clearTimeout(this.#again);
    this.#mailbox.close();
  }
}
