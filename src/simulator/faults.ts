// Decides which fault a request meets: those ordered for the next requests first, then the account's, then by share.
import { draw } from './draw.ts';
import type { EntryDetails } from './entry.ts';
import { FAULTS, type FaultKind, type Faults } from './options.ts';

export class FaultPlan {
  #faults: Faults;
  #next: (Faults['next'][number] & { left: number })[] = [];
  /** How often a request id has met a fault, so that a repeat of it is drawn anew. */
  readonly #met = new Map<string, number>();
  readonly #seed: number;

  constructor(faults: Faults, seed: number) {
    this.#seed = seed;
    this.#faults = faults;
    this.replace(faults);
  }

  replace(faults: Faults): void {
    this.#faults = faults;
    this.#next = faults.next.map((order) => ({ ...order, left: order.count }));
  }

  forRequest(details: EntryDetails): FaultKind | null {
    const ordered = this.#ordered(details);
    return ordered ?? this.#faults.accounts[details.account ?? ''] ?? this.#byShare(details);
  }

  #ordered({ account, recipient: to }: EntryDetails): FaultKind | null {
    const order = this.#next.find(({ apiUser = account, recipient = to }) => apiUser === account && recipient === to);
    if (order === undefined) return null;
    if (--order.left === 0) this.#next.splice(this.#next.indexOf(order), 1);
    return order.kind;
  }

  // Drawn by recipient and attempt rather than by sub-task id, which is another in every run.
  #byShare(details: EntryDetails): FaultKind | null {
    if (Object.keys(this.#faults.shares).length === 0) return null;
    const met = this.#met.get(details.requestId ?? '') ?? 0;
    const attempt = details.requestId?.split('.').at(-1) ?? '';
    const kind = this.#kindAt(draw(this.#seed, 'fault', details.recipient ?? '', attempt, String(met)));
    if (kind !== null && details.requestId !== null) this.#met.set(details.requestId, met + 1);
    return kind;
  }

  #kindAt(point: number): FaultKind | null {
    let edge = 0;
    for (const kind of FAULTS) {
      edge += this.#faults.shares[kind] ?? 0;
      if (point < edge) return kind;
    }
    return null;
  }
}
