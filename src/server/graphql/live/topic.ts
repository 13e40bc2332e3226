import type { Mailbox } from './mailbox.ts';

/** Subscribers of one subject are told no more often than this. */
const pauseMs = 1000;

/**
 * The subscribers of one subject. They are told together, so that those of equal rights can share what they read: at once when the last time
 * was a while ago, otherwise when the pause is over, so that the last of many changes is never lost.
 */
export class Topic {
  readonly mailboxes = new Set<Mailbox>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #pending: NodeJS.Timeout | null = null;

  signal(): void {
    if (this.#pending !== null) return;
    const waitMs = this.#toldAt + pauseMs - performance.now();
    if (waitMs <= 0) this.#tell();
    else this.#pending = setTimeout(() => this.#tell(), waitMs);
  }

  end(): void {
    if (this.#pending !== null) clearTimeout(this.#pending);
    for (const mailbox of [...this.mailboxes]) mailbox.close();
  }

  #tell(): void {
    this.#pending = null;
    this.#toldAt = performance.now();
    for (const mailbox of this.mailboxes) mailbox.put();
  }
}
