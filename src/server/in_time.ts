import { Fault } from './errors.ts';

/** A visitor looks at an empty window no longer than this, and EngageLab gives up after 3 s; the other providers wait longer. */
const patienceMs = 2_500;

/** What `work` resolves to. @throws its error, or UNAVL when it takes too long; it goes on all the same. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Fault('UNAVL', 'the database takes too long')), patienceMs);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
