// Tokens that nobody knows can be made without end, and each costs a look into the database: so a network has a few a minute.
import { TooOften } from '../errors.ts';
import { TokenBuckets } from '../token_buckets.ts';
import { networkOf } from './network.ts';
import { Turns } from './turns.ts';

const mostUnknownPerMinute = 60;
/** So many may be one too many: what is wrong is known only when it was looked up. As many as there are connections to look with. */
const atOnce = 4;

export class Strangers {
  readonly #unknown: TokenBuckets;
  readonly #turns = new Map<string, Turns>();

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#unknown = new TokenBuckets(mostUnknownPerMinute, now);
  }

  /**
   * Looks a token up that was not known before. One that is right costs nothing, however many come at once: after a restart all of them are new.
   * @throws TooOften when too many from there were wrong; what `lookUp` throws
   */
  async ask<T>(address: string | null, lookUp: () => Promise<T | null>): Promise<T | null> {
    const network = networkOf(address);
    const turns = this.#turns.get(network) ?? new Turns(atOnce, Number.POSITIVE_INFINITY);
    this.#turns.set(network, turns);
    try {
      return await turns.run(() => this.#look(network, lookUp));
    } finally {
      if (turns.isIdle) this.#turns.delete(network);
    }
  }

  async #look<T>(network: string, lookUp: () => Promise<T | null>): Promise<T | null> {
    const seconds = this.#unknown.secondsUntilOne(network);
    if (seconds > 0) throw new TooOften('too many tokens from there were not valid', seconds);
    const found = await lookUp();
    if (found === null) this.#unknown.take(network);
    return found;
  }
}
