// A load that is always there: eight services that send in batches, from a backlog that is filled up again before a slice would find it empty.
import type pg from 'pg';
import { type Loop, mailsPerSecond, someLoops } from '../queue/loops.ts';
import type { Stage } from '../queue/stage.ts';
import { aBacklog, clear } from '../support/backlog.ts';

const services = 8;
const batch = 20;
/** More than eight services sent in a second anywhere so far. */
const mostPerSecond = 20_000;

export class Load {
  readonly #pool: pg.Pool;
  readonly #sliceSeconds: number;
  #loops: Loop[] = [];
  #left = 0;

  constructor({ pool }: Pick<Stage, 'pool'>, sliceSeconds: number) {
    this.#pool = pool;
    this.#sliceSeconds = sliceSeconds;
  }

  /** Mails a second in one slice. */
  async slice(): Promise<number> {
    await this.ensure();
    const startedAt = performance.now();
    const rate = await mailsPerSecond(this.#pool, this.#loops, batch, this.#sliceSeconds);
    this.#left -= (rate * (performance.now() - startedAt)) / 1_000;
    return rate;
  }

  /** Sees to it that the next slice has enough, so that filling up does not fall into what is measured. */
  async ensure(): Promise<void> {
    const needed = mostPerSecond * this.#sliceSeconds;
    if (this.#left >= needed) return;
    await clear(this.#pool);
    this.#loops = await someLoops(this.#pool, services);
    this.#left = 3 * needed;
    await aBacklog(this.#pool, this.#left);
    // Warm, and with a slice's mails in the ledger, like every slice that follows another.
    await this.slice();
  }
}
