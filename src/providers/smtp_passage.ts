// How far one mail got, told by the one thing that is certain: what has been read of its message.
import { Readable } from 'node:stream';

/**
 * `connecting`: no MAIL FROM was written. `session`: MAIL FROM and more may have been written, the end of the message was not.
 * `ended`: the final dot may be on the wire, so the server may hold the mail.
 */
export type Stage = 'connecting' | 'session' | 'ended';

export class Passage {
  readonly #deadline: number;
  #stage: Stage = 'connecting';
  #isExpired = false;

  /** `deadline` is on performance.now()'s clock. */
  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get overdue(): boolean {
    return this.#isExpired || performance.now() >= this.#deadline;
  }

  /** The timer went off: that may be a fraction of a millisecond before the deadline. */
  expire(): void {
    this.#isExpired = true;
  }

  /**
   * Wraps a message's bytes. nodemailer asks for them just before MAIL FROM, reads them only after the server's 354, and writes the
   * final dot only after their end (its smtp-connection and data-stream), so the stage never lags behind the wire.
   */
  watch(message: Readable): Readable {
    this.#stage = 'session';
    return Readable.from(this.#pass(message), { objectMode: false });
  }

  // A process that was stopped wakes with the server's answer before its timer, and by then the mail may be another worker's.
  async *#pass(message: Readable): AsyncGenerator<Uint8Array> {
    this.#refuseWhenOverdue();
    for await (const chunk of message) yield chunk;
    this.#refuseWhenOverdue();
    this.#stage = 'ended';
  }

  #refuseWhenOverdue(): void {
    if (this.overdue) throw new Error('the time was up before the message was written');
  }
}
