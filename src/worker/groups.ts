import { setImmediate as turn } from 'node:timers/promises';

/**
 * Gives items to `work` in groups, one group at a time: what came while the group before was worked on. A lone item waits for the end of this
 * turn of the event loop only, so that what arrives together goes together.
 */
export class Groups<T> {
  readonly #work: (items: T[]) => Promise<void>;
  /** Still takes items: its turn has not come. */
  #next: { items: T[]; done: Promise<void> } | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(work: (items: T[]) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when the item's group is done. @throws what `work` threw for that group. */
  add(item: T): Promise<void> {
    this.#next ??= this.#open();
    this.#next.items.push(item);
    return this.#next.done;
  }

  #open(): { items: T[]; done: Promise<void> } {
    const items: T[] = [];
    const done = this.#run(items, this.#last);
    this.#last = done.catch(() => {});
    return { items, done };
  }

  async #run(items: T[], before: Promise<void>): Promise<void> {
    await before;
    await turn();
    this.#next = undefined;
    await this.#work(items);
  }
}
