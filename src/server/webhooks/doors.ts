// Which service a path's secret names. Known answers are good for two seconds, so that 2,500 webhooks a second cost one statement; a secret
// that was revoked stops then. What is not known is never remembered: it is asked for in the next statement, together with all others that
// wait, so that a new secret works at once, and guessing costs one statement at a time however many guess.
import type { FoundDoor } from '../../database/webhooks/find_webhook_doors.ts';
import { hashOfPathSecret } from '../../database/webhooks/webhook_secret.ts';
import { BacklogFull } from './recorder.ts';

const freshMs = 2_000;
const maxAtOnce = 500;
const maxWaiting = 2_000;

export interface DoorsOptions {
  /** Finds them by the SHA-256 of their secrets; answers by its hex. */
  readonly lookUp: (hashes: readonly Buffer[]) => Promise<ReadonlyMap<string, FoundDoor>>;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

interface Known {
  readonly door: FoundDoor;
  readonly freshUntil: number;
}

export class Doors {
  readonly #lookUp: DoorsOptions['lookUp'];
  readonly #now: () => number;
  /** At most as many as there are right secrets. */
  readonly #known = new Map<string, Known>();
  #waiting = new Map<string, { hash: Buffer; found: PromiseWithResolvers<FoundDoor | null> }>();
  #isAsking = false;

  constructor({ lookUp, now = () => performance.now() }: DoorsOptions) {
    this.#lookUp = lookUp;
    this.#now = now;
  }

  /**
   * Null: this secret is not right, or not any more.
   * @throws BacklogFull, or why the database could not be asked
   */
  async find(secret: string): Promise<FoundDoor | null> {
    const hash = hashOfPathSecret(secret);
    const key = hash.toString('hex');
    const known = this.#known.get(key);
    return known !== undefined && this.#now() < known.freshUntil ? known.door : this.#ask(key, hash);
  }

  #ask(key: string, hash: Buffer): Promise<FoundDoor | null> {
    const asked = this.#waiting.get(key);
    if (asked !== undefined) return asked.found.promise;
    if (this.#waiting.size >= maxWaiting) throw new BacklogFull('too many secrets are waiting to be looked up');
    const found = Promise.withResolvers<FoundDoor | null>();
    this.#waiting.set(key, { hash, found });
    if (!this.#isAsking) this.#askAll();
    return found.promise;
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.size > 0) await this.#askSome();
    this.#isAsking = false;
  }

  async #askSome(): Promise<void> {
    const some = [...this.#waiting].slice(0, maxAtOnce);
    for (const [key] of some) this.#waiting.delete(key);
    const freshUntil = this.#now() + freshMs;
    try {
      const doors = await this.#lookUp(some.map(([, { hash }]) => hash));
      for (const [key, { found }] of some) found.resolve(this.#remember(key, doors.get(key) ?? null, freshUntil));
    } catch (error) {
      for (const [, { found }] of some) found.reject(error);
    }
  }

  #remember(key: string, door: FoundDoor | null, freshUntil: number): FoundDoor | null {
    if (door === null) this.#known.delete(key);
    else this.#known.set(key, { door, freshUntil });
    return door;
  }
}
