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

/** The last thing a subscription yields: Grafast drops an error that is thrown while nobody waits for the next answer, an answer it keeps. */
export class Ended {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/** @returns the answer, in its plan. @throws what ended the subscription */
export function unlessEnded<T>(answer: T | Ended): T {
  if (answer instanceof Ended) throw answer.reason;
  return answer;
}

/**
 * For each signal a look, and what is new to be seen goes to the client. A database that is away is waited for; any other error ends the
 * subscription, and the client is told.
 */
export class Subscription<T> implements AsyncIterableIterator<T | Ended> {
  readonly #mailbox: Mailbox;
  readonly #looking: Looking<T>;
  #told: T | null = null;
  #again: NodeJS.Timeout | null = null;

  constructor(mailbox: Mailbox, looking: Looking<T>) {
    this.#mailbox = mailbox;
    this.#looking = looking;
  }

  async next(): Promise<IteratorResult<T | Ended, undefined>> {
    while (await this.#mailbox.arrival()) {
      await this.#looking.ready();
      const news = await this.#look();
      if (news !== null) return { done: false, value: news };
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T | Ended, undefined>> {
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

  async #look(): Promise<T | Ended | null> {
    this.#mailbox.empty();
    try {
      const news = await this.#looking.look(this.#told);
      this.#told = news ?? this.#told;
      return news;
    } catch (error) {
      return isUnavailable(error) ? this.#later() : this.#ended(error);
    }
  }

  #later(): null {
    this.#again = setTimeout(() => this.#mailbox.put(), askAgainMs);
    return null;
  }

  #ended(reason: unknown): Ended {
    this.#end();
    return new Ended(reason);
  }

  #end(): void {
    if (this.#again !== null) clearTimeout(this.#again);
    this.#mailbox.close();
  }
}
