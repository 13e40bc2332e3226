import type pg from 'pg';
import { Fault } from '../errors.ts';

/** A visitor looks at an empty window no longer than this; mail programs that unsubscribe by themselves give up sooner or later, too. */
const patienceMs = 2_500;
/** What waits for a connection goes on waiting after its visitor was sent away: a bound to it, should the database hang. */
const maxWaiting = 2_000;

/** What `work` on the pool resolves to. @throws its error, or UNAVL when it takes too long; it goes on all the same. */
export async function inTime<T>(pool: pg.Pool, work: (db: pg.Pool) => Promise<T>): Promise<T> {
  if (pool.waitingCount >= maxWaiting) throw new Fault('UNAVL', 'too much waits for the database');
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Fault('UNAVL', 'the database takes too long')), patienceMs);
  return Promise.race([work(pool), late.promise]).finally(() => clearTimeout(timer));
}
