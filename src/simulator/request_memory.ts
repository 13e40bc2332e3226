// EngageLab's idempotency: a request_id seen within the last hour gets the earlier result.
import type { SimulatorRecord } from './record.ts';

export class RequestMemory {
  /** Sequence number of the accepted mail by account and request id, oldest first. */
  readonly #accepted = new Map<string, number>();
  readonly #record: SimulatorRecord;
  readonly #memoryMs: number;

  constructor(record: SimulatorRecord, memoryMs: number) {
    this.#record = record;
    this.#memoryMs = memoryMs;
  }

  remember(account: string, requestId: string, seq: number): void {
    if (requestId !== '') this.#accepted.set(`${account} ${requestId}`, seq);
  }

  /** The mail that was accepted under this id, or null. */
  find(account: string, requestId: string): number | null {
    this.#forgetOld();
    return this.#accepted.get(`${account} ${requestId}`) ?? null;
  }

  reset(): void {
    this.#accepted.clear();
  }

  #forgetOld(): void {
    const horizon = performance.now() - this.#memoryMs;
    for (const [key, seq] of this.#accepted) {
      if (this.#record.arrivedAt(seq) > horizon) return;
      this.#accepted.delete(key);
    }
  }
}
