import { BacklogFull } from './recorder.ts';

/** How many bytes of bodies may be in memory at once, of all requests in progress together. */
export class ByteBudget {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws BacklogFull when there is no room for so many more */
  take(bytes: number): void {
    if (this.#held + bytes > this.#most) throw new BacklogFull('too many bytes of webhooks are in progress');
    this.#held += bytes;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
