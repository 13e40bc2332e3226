import type { ClaimResult } from '../database/queue/complete_claims.ts';

/** The mails of one loop that are on their way, and what they came to, until the database has it. */
export class Traffic {
  #mails = 0;
  #answers: ClaimResult[] = [];
  #changed = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | undefined;

  /** Mails that this process has begun and the database has not settled. */
  get mails(): number {
    return this.#mails;
  }

  /** Of these, those whose answer is there. */
  get answered(): number {
    return this.#answers.length;
  }

  begin(mails: number): void {
    this.#mails += mails;
  }

  answer(result: ClaimResult): void {
    this.#answers.push(result);
    this.#change();
  }

  /** For whoever records them: all answers so far, which are his now. */
  take(): ClaimResult[] {
    return this.#answers.splice(0);
  }

  /** The database has settled as many. */
  settled(mails: number): void {
    this.#mails -= mails;
    this.#change();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#change();
  }

  /** Resolves at the next change, or at once when an answer is waiting. */
  async change(): Promise<void> {
    if (this.#answers.length === 0) await this.#changed.promise;
  }

  /** @throws the first error that a hand-over ended with. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
