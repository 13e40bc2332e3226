// Refused webhooks on their way to the database: counted, and the first few hundred of each second kept whole. Nobody waits for them, and
// however many come, they cost one statement a second and half a megabyte or so.
import { createHash } from 'node:crypto';
import type { Refusal } from '../../database/webhooks/record_webhook_refusals.ts';
import type { WebhookRequest } from '../../providers/webhook_source.ts';
import { clipped, withoutSecrets } from './headers.ts';
import { headBytes } from './incoming_body.ts';
import { Throttle } from './throttle.ts';

const intervalMs = 1_000;
const maxKept = 200;
const maxReason = 300;

/** What was refused, and why. */
export interface RefusedRequest {
  /** As in the path: a source of events, or mail-event. */
  readonly source: string;
  readonly serviceId: string | null;
  readonly reason: string;
  /** Of the path; must not be kept. */
  readonly secret: string | null;
  readonly headers: WebhookRequest['headers'];
  readonly body: { readonly read: Buffer; readonly isWhole: boolean };
}

export interface RefusalsOptions {
  /** @param counts of all by source, those in `kept` included */
  readonly store: (counts: ReadonlyMap<string, number>, kept: readonly Refusal[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #throttle = new Throttle(intervalMs, () => this.#flush());
  #counts = new Map<string, number>();
  #kept: Refusal[] = [];

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  add(refused: RefusedRequest): void {
    this.#count(refused.source, 1);
    if (this.#kept.length < maxKept) this.#kept.push(toKeep(refused));
    this.#throttle.call();
  }

  /** Stores what was added. */
  close(): Promise<void> {
    return this.#throttle.close();
  }

  #count(source: string, more: number): void {
    this.#counts.set(source, (this.#counts.get(source) ?? 0) + more);
  }

  async #flush(): Promise<void> {
    const [counts, kept] = [this.#counts, this.#kept];
    this.#counts = new Map();
    this.#kept = [];
    try {
      await this.#options.store(counts, kept);
    } catch (error) {
      // Counted with the next ones; what was to be kept whole is worth less than the memory of an outage.
      for (const [source, count] of counts) this.#count(source, count);
      this.#options.onError(error);
    }
  }
}

function toKeep({ source, serviceId, reason, secret, headers, body }: RefusedRequest): Refusal {
  const { read, isWhole } = body;
  return {
    source,
    serviceId,
    // PostgreSQL's text holds no 0x00.
    reason: reason.replaceAll('\0', '').slice(0, maxReason),
    headers: clipped(withoutSecrets(headers, secret)),
    bodySha256: isWhole ? createHash('sha256').update(read).digest() : null,
    bodySize: isWhole ? read.length : null,
    // A copy: a slice would hold on to the whole body.
    bodyHead: Buffer.from(read.subarray(0, headBytes)),
  };
}
