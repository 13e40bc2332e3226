// A body is read in two parts: its beginning, by which what only checks an address is told apart, and the rest once its sender is known.
import type { IncomingMessage } from 'node:http';
import type { ByteBudget } from './byte_budget.ts';

/** What is read of a body before anything is known of its sender, and what is kept of one that is refused. */
export const headBytes = 1_024;

/** A body that can not be taken; the message is for whoever sent it. */
export class BodyUnusable extends Error {
  override name = 'BodyUnusable';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface BodyLimits {
  readonly maxBytes: number;
  readonly budget: ByteBudget;
}

export class IncomingBody {
  readonly #request: IncomingMessage;
  readonly #limits: BodyLimits;
  readonly #pieces: AsyncIterator<Buffer>;
  #read: Buffer = Buffer.alloc(0);
  #held = 0;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#request = request;
    this.#limits = limits;
    // What is given up is still answered.
    this.#pieces = request.iterator({ destroyOnReturn: false });
  }

  /** What was read by now, all of it or the beginning. */
  get read(): Buffer {
    return this.#read;
  }

  /** Whether nothing is missing. */
  get isWhole(): boolean {
    return this.#request.complete && this.#request.readableLength === 0;
  }

  /** @throws BodyUnusable; BacklogFull: there is no room for it now */
  async readHead(): Promise<void> {
    await this.#readTo(headBytes);
  }

  /**
   * The bytes as they came. What is too long is given up where it becomes so, or before it begins when its length is announced.
   * @throws BodyUnusable; BacklogFull: there is no room for it now
   */
  async readAll(): Promise<Buffer> {
    const { maxBytes } = this.#limits;
    if (Number(this.#request.headers['content-length'] ?? 0) <= maxBytes) await this.#readTo(maxBytes + 1);
    if (this.#read.length > maxBytes || !this.isWhole)
      throw new BodyUnusable(413, `the body is larger than ${maxBytes} bytes`);
    return this.#read;
  }

  /** Once it is of no more use: what is still to come is thrown away until the connection is closed. */
  [Symbol.dispose](): void {
    this.#pieces.return?.().then(() => this.#request.resume());
    this.#limits.budget.giveBack(this.#held);
    this.#held = 0;
  }

  async #readTo(bytes: number): Promise<void> {
    const pieces: Buffer[] = [this.#read];
    let length = this.#read.length;
    while (length < bytes) {
      const piece = await this.#next();
      if (piece === null) break;
      pieces.push(piece);
      length += piece.length;
    }
    this.#read = Buffer.concat(pieces);
  }

  async #next(): Promise<Buffer | null> {
    const next = await this.#pieces.next().catch((cause) => {
      throw new BodyUnusable(400, 'the body could not be read', { cause });
    });
    if (next.done === true) return null;
    this.#limits.budget.take(next.value.length);
    this.#held += next.value.length;
    return next.value;
  }
}
