import { Fault } from '../errors.ts';

/** Lets a few work at once. Who comes later waits for a turn, in order, and not for long. */
export class Turns {
  private free: number;
  private readonly waitMs: number;
  private readonly waiting = new Set<() => void>();

  constructor(most: number, waitMs: number) {
    this.free = most;
    this.waitMs = waitMs;
  }

  /** @throws Fault UNAVL when there was no turn in time; what `work` throws */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  private begin(): Promise<void> | void {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const turn = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      this.waiting.delete(turn);
      reject(new Fault('UNAVL', 'as many files as can be worked on at once are on their way: come again later'));
    }, this.waitMs);
    this.waiting.add(turn);
    return promise;
  }

  /** Whoever ends hands over to who has waited longest. */
  private end(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.free += 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
