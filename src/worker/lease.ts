// The lease of one claim's mails, as far as this process may rely on it.
import type { Logger } from '../log.ts';

/** What must remain of the lease, beside the provider's timeout, when a mail is written to the wire. */
const marginMs = 10_000;

export interface LeaseOptions {
  readonly ids: readonly string[];
  /** performance.now() ms, before the statement that gave the lease was sent: it can't have begun earlier. */
  readonly since: number;
  readonly leaseMs: number;
  readonly timeoutMs: number;
  /** Asks for a whole lease from now. @returns the ids that got it. */
  readonly extend: (ids: string[]) => Promise<string[]>;
  readonly log: Logger;
}

/** Extends itself after each third, as long as an answer is outstanding, until it is disposed of. */
export class Lease implements Disposable {
  readonly #options: LeaseOptions;
  /** Mails whose answer is outstanding. */
  readonly #since: Map<string, number>;
  readonly #timer: NodeJS.Timeout;
  #extending = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#since = new Map(options.ids.map((id) => [id, options.since]));
    this.#timer = setInterval(() => void this.#extend(), options.leaseMs / 3);
  }

  /**
   * Whether enough of a mail's lease is left at `now` (performance.now() ms) for the provider's whole timeout, which is to run from then:
   * a process that was stopped meanwhile must not write.
   */
  mayWrite(id: string, now: number): boolean {
    const { leaseMs, timeoutMs } = this.#options;
    const since = this.#since.get(id);
    return since !== undefined && since + leaseMs - now >= timeoutMs + marginMs;
  }

  /** The database gave a whole lease to whoever asked at `since`. */
  renewed(id: string, since: number): void {
    if (this.#since.has(id)) this.#since.set(id, since);
  }

  answered(id: string): void {
    this.#since.delete(id);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  // A lease that isn't ours any more stays known, with its end: the answer is still waited for.
  async #extend(): Promise<void> {
    if (this.#extending || this.#since.size === 0) return;
    this.#extending = true;
    const askedAt = performance.now();
    try {
      for (const id of await this.#options.extend([...this.#since.keys()])) this.renewed(id, askedAt);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'leases could not be extended; trying again');
    } finally {
      this.#extending = false;
    }
  }
}
