// The simulator's memory of every request: what the promises of a run are judged by.
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Columns } from './columns.ts';
import type { Entry, EntryDetails, EntryResult } from './entry.ts';

interface Waiter {
  readonly isDue: () => boolean;
  readonly resolve: () => void;
}

export class SimulatorRecord {
  #columns = new Columns(0);
  #settled = 0;
  #waiters: Waiter[] = [];
  readonly #bodies = new Map<number, unknown>();
  readonly #keepBodies: boolean;
  readonly #file: WriteStream | null;

  constructor(options: { keepBodies: boolean; recordFile: string | null }) {
    this.#keepBodies = options.keepBodies;
    this.#file = options.recordFile === null ? null : createWriteStream(options.recordFile, { flags: 'a' });
  }

  /** How many requests arrived since the start or the last reset. */
  get length(): number {
    return this.#columns.next - this.#columns.first;
  }

  /** Notes an arrival, before anything of the request but its headers is read. @returns its sequence number. */
  open(arrivedAt: number): number {
    const seq = this.#columns.add(arrivedAt, Date.now());
    this.#wake();
    return seq;
  }

  describe(seq: number, details: EntryDetails, body: unknown): void {
    if (seq < this.#columns.first) return;
    this.#columns.describe(seq, details);
    if (this.#keepBodies) this.#bodies.set(seq, body);
  }

  settle(seq: number, result: Partial<EntryResult> & Pick<EntryResult, 'outcome'>): void {
    if (seq < this.#columns.first) return;
    this.#columns.settle(seq, { status: null, fault: null, fate: 'none', ...result });
    this.#settled++;
    this.#wake();
  }

  /** Notes that a settled request is over. @param answeredAt Null: left without an answer. */
  end(seq: number, answeredAt: number | null): void {
    if (seq < this.#columns.first) return;
    if (answeredAt !== null) this.#columns.answer(seq, answeredAt);
    this.#file?.write(`${JSON.stringify(this.#columns.get(seq))}\n`);
  }

  arrivedAt(seq: number): number {
    return this.#columns.arrivedAt(seq);
  }

  get(seq: number): Entry {
    return this.#columns.get(seq);
  }

  /** The JSON a request carried; undefined unless bodies are kept. */
  body(seq: number): unknown {
    return this.#bodies.get(seq);
  }

  /** Entries in order of arrival, from a sequence number on. */
  *entries(since = 0): Generator<Entry> {
    for (let seq = Math.max(since, this.#columns.first); seq < this.#columns.next; seq++) yield this.#columns.get(seq);
  }

  /** Resolves when so many requests have arrived since the start or the last reset. */
  arrived(count: number): Promise<void> {
    return this.#until(() => this.length >= count);
  }

  /** Resolves when so many of them have been decided on. */
  settled(count: number): Promise<void> {
    return this.#until(() => this.#settled >= count);
  }

  /** Forgets everything. Sequence numbers go on, so that a request under way can't be taken for a later one. */
  reset(): void {
    this.#columns = new Columns(this.#columns.next);
    this.#settled = 0;
    this.#bodies.clear();
  }

  async close(): Promise<void> {
    if (this.#file === null) return;
    this.#file.end();
    await finished(this.#file);
  }

  #until(isDue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ isDue, resolve });
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#waiters.length === 0) return;
    const { due = [], rest = [] } = Object.groupBy(this.#waiters, (waiter) => (waiter.isDue() ? 'due' : 'rest'));
    this.#waiters = rest;
    for (const waiter of due) waiter.resolve();
  }
}
