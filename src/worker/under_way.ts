/** The claims of one loop that are on their way, and their mails. */
export class UnderWay {
  readonly #claims = new Set<Promise<void>>();
  #mails = 0;
  #changes = 0;
  #changed = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | undefined;

  /** Mails that this process has claimed and the database has not settled. */
  get mails(): number {
    return this.#mails;
  }

  /** Grows whenever mails are settled or a claim ends. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Runs a claim, which says so when a mail of it is settled.
   * @returns a promise that resolves at its end and never rejects: an error is kept, see `throwFailure`.
   */
  start(mails: number, handOver: (settled: () => void) => Promise<void>): Promise<void> {
    let left = mails;
    const settled = () => {
      left -= 1;
      this.#change(-1);
    };
    this.#change(mails);
    const claim = handOver(settled)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#claims.delete(claim);
        this.#change(-left);
      });
    this.#claims.add(claim);
    return claim;
  }

  /** Resolves at the next change, or at once when there was one since `changes` had this value. */
  async changedSince(changes: number): Promise<void> {
    if (this.#changes === changes) await this.#changed.promise;
  }

  /** Resolves when every claim has ended, however it did. */
  async ended(): Promise<void> {
    while (this.#claims.size > 0) await Promise.all(this.#claims);
  }

  /** @throws the first error that ended a claim. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #change(mails: number): void {
    this.#mails += mails;
    this.#changes += 1;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
