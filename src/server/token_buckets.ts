/** Refills steadily; a minute's worth may be taken at once. In memory: each process counts for itself. */
export class TokenBuckets {
  readonly #perMs: number;
  readonly #size: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** @param now milliseconds, of a clock that is never set back */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#size = perMinute;
    this.#perMs = perMinute / 60_000;
    this.#now = now;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one. @returns 0, or after how many seconds there will be one */
  take(key: string): number {
    const now = this.#now();
    const left = this.#left(key, now);
    this.#remember(key, { left: left >= 1 ? left - 1 : left, at: now });
    return this.#secondsUntilOne(left);
  }

  /** Takes none. */
  secondsUntilOne(key: string): number {
    return this.#secondsUntilOne(this.#left(key, this.#now()));
  }

  #left(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? { left: this.#size, at: now };
    return Math.min(this.#size, bucket.left + Math.max(now - bucket.at, 0) * this.#perMs);
  }

  #secondsUntilOne(left: number): number {
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.#perMs / 1000);
  }

  /** In the order of their last use, so that those that are full again are found at the beginning. */
  #remember(key: string, bucket: { left: number; at: number }): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    for (const [old, { at }] of this.#buckets) {
      if (bucket.at - at <= 60_000) break;
      this.#buckets.delete(old);
    }
  }
}
