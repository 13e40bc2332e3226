// Requests that arrive while an INSERT is under way share the next one: under load a commit serves hundreds, alone none waits.

/** One body as it came, or as we wrote it (tracking). */
export interface Recording {
  readonly provider: string;
  readonly path: string;
  /** The service whose path it came in by; absent: none is known. */
  readonly serviceId?: string | null;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

export interface RecorderOptions {
  /** Stores all of the rows, or throws and stores none. */
  readonly insert: (rows: readonly Recording[]) => Promise<void>;
  /** Called after each commit. */
  readonly onCommit: () => void;
  /** Whether the rows may be to blame for a failure; if not, trying each alone would only fail once more. */
  readonly blamesRows: (error: unknown) => boolean;
}

/** More is waiting to be recorded than may wait. */
export class BacklogFull extends Error {
  override name = 'BacklogFull';
}

interface Waiting {
  readonly row: Recording;
  readonly settle: PromiseWithResolvers<void>;
}

const maxRows = 500;
const maxBytes = 4_000_000;
const maxWaitingRows = 20_000;
const maxWaitingBytes = 64_000_000;

export class Recorder {
  readonly #options: RecorderOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /**
   * Resolves once this row is committed.
   * @throws BacklogFull, or the reason why this row could not be stored
   */
  async record(row: Recording): Promise<void> {
    if (this.#waiting.length >= maxWaitingRows || this.#waitingBytes + row.body.length > maxWaitingBytes) {
      throw new BacklogFull('too many events are waiting to be recorded');
    }
    const settle = Promise.withResolvers<void>();
    this.#waiting.push({ row, settle });
    this.#waitingBytes += row.body.length;
    this.#running ??= this.#run();
    return settle.promise;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // A turn later, so that what arrived together is stored together.
    await null;
    while (this.#waiting.length > 0) await this.#store(this.#takeBatch());
    this.#running = null;
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { row } of this.#waiting) {
      if (count > 0 && (count >= maxRows || bytes + row.body.length > maxBytes)) break;
      bytes += row.body.length;
      count++;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #store(batch: Waiting[]): Promise<void> {
    const failure = await this.#insert(batch);
    if (failure === null) return;
    const aloneHelps = batch.length > 1 && this.#options.blamesRows(failure.error);
    for (const each of batch) {
      const alone = aloneHelps ? await this.#insert([each]) : failure;
      if (alone !== null) each.settle.reject(alone.error);
    }
  }

  /** @returns why it failed, or null when it was stored */
  async #insert(batch: Waiting[]): Promise<{ error: unknown } | null> {
    try {
      await this.#options.insert(batch.map(({ row }) => row));
    } catch (error) {
      return { error };
    }
    for (const { settle } of batch) settle.resolve();
    this.#options.onCommit();
    return null;
  }
}
