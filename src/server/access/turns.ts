import { Fault } from '../errors.ts';

/** Lets a few pieces of work run at once; the others wait, in the order they came. */
export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #mostOfOne: number;
  readonly #waiting: (() => void)[] = [];
  /** How many wait, by whose they are. */
  readonly #waitingOf = new Map<string, number>();
  #running = 0;

  /** @param mostOfOne how many of those that wait may be of one and the same; default: all */
  constructor(atOnce: number, mostWaiting: number, mostOfOne = mostWaiting) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
    this.#mostOfOne = mostOfOne;
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  /**
   * @param whose it is; absent: of nobody who has to share with others
   * @throws Fault UNAVL when too many wait already, of all or of that one
   */
  async run<T>(work: () => Promise<T>, whose: string | null = null): Promise<T> {
    await this.#turn(whose);
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  async #turn(whose: string | null): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running++;
      return;
    }
    const ofThem = whose === null ? 0 : (this.#waitingOf.get(whose) ?? 0);
    if (this.#waiting.length >= this.#mostWaiting || ofThem >= this.#mostOfOne)
      throw new Fault('UNAVL', 'too many are signing in; try again');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    this.#count(whose, 1);
    await promise;
    this.#count(whose, -1);
  }

  #count(whose: string | null, change: number): void {
    if (whose === null) return;
    const count = (this.#waitingOf.get(whose) ?? 0) + change;
    if (count === 0) this.#waitingOf.delete(whose);
    else this.#waitingOf.set(whose, count);
  }

  /** Who comes next has the turn of who is done: between the two nobody can slip in. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}
