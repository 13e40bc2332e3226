// Clicks that arrive while a look-up is under way share the next: under load a statement serves dozens, alone none waits. With one statement a
// click, 80,000 redirects took 18 to 20 s of the server's processor time; so they take 9, and webhooks keep the other connections. Remembering what
// was looked up would not do as much: nearly every click is the first on its mail.
import { Fault } from '../errors.ts';
import type { Link } from './link_urls.ts';

interface Waiting {
  readonly link: Link;
  readonly settle: PromiseWithResolvers<string | null>;
}

const maxLinks = 500;
/** Should the database hang, what waits goes on waiting after its visitor was sent away. */
const maxWaiting = 5_000;

export class LinkLookup {
  readonly #ask: (links: readonly Link[]) => Promise<(string | null)[]>;
  #waiting: Waiting[] = [];
  #isRunning = false;

  /** @param ask answers in the order asked */
  constructor(ask: (links: readonly Link[]) => Promise<(string | null)[]>) {
    this.#ask = ask;
  }

  /** Where a link leads; null: nowhere. @throws UNAVL when too many wait already, or what `ask` throws. */
  async find(link: Link): Promise<string | null> {
    if (this.#waiting.length >= maxWaiting) throw new Fault('UNAVL', 'too much waits for the database');
    const settle = Promise.withResolvers<string | null>();
    this.#waiting.push({ link, settle });
    if (!this.#isRunning) this.#run();
    return settle.promise;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // A turn later, so that what arrived together is asked together.
    await null;
    while (this.#waiting.length > 0) await this.#answer(this.#waiting.splice(0, maxLinks));
    this.#isRunning = false;
  }

  async #answer(batch: readonly Waiting[]): Promise<void> {
    try {
      const urls = await this.#ask(batch.map(({ link }) => link));
      for (const [place, { settle }] of batch.entries()) settle.resolve(urls[place] ?? null);
    } catch (error) {
      for (const { settle } of batch) settle.reject(error);
    }
  }
}
