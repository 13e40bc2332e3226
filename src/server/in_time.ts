import { Fault } from './errors.ts';

/** A visitor looks at an empty window no longer than this, and EngageLab gives up after 3 s; the other providers wait longer. */
const patienceMs = 2_500;

/** What `work` resolves to. @throws its error, or UNAVL when it takes too long; it goes on all the same. */
export async function inTime<T>(work: Promise<T>, ms = patienceMs): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Fault('UNAVL', 'the database takes too long')), ms);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

/** The same for work in several steps that share the time there is; what comes between them costs none of it. */
export class Patience {
  #leftMs = patienceMs;

  async with<T>(work: Promise<T>): Promise<T> {
    const begun = performance.now();
    return inTime(work, Math.max(this.#leftMs, 0)).finally(() => {
      this.#leftMs -= performance.now() - begun;
    });
  }
}
