import pg from 'pg';

/**
 * A client whose results are garbage as soon as nobody reads them. pg resolves a promise by a function that it writes to a property where it is
 * made; V8 takes that for a method, which lives long, and puts it among the old objects: dead, it kept the promise and its rows until the next
 * full collection, which the small ones in between had to copy. With a callback that is given, as pg's own pool does it, nothing is kept.
 */
export class SessionClient extends pg.Client {
  // What pg.Client declares in twelve ways; what it returns is for them to say.
  override query(...given: unknown[]): never {
    const run = (...args: unknown[]) => Reflect.apply(super.query, this, args) as never;
    const [query, values] = given;
    if (given.some(isFunction) || isSubmittable(query)) return run(...given);
    // pg would write the callback to the caller's own object.
    const config = typeof query === 'object' ? { ...query } : query;
    const result = new Promise((resolve, reject) => {
      run(config, values, (error: unknown, found: unknown) => (error ? reject(error) : resolve(found)));
    });
    return result.catch(withOwnStack) as never;
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/** pg's own queries and cursors, which bring their way of answering. */
function isSubmittable(query: unknown): boolean {
  return typeof query === 'object' && query !== null && ('submit' in query || 'callback' in query);
}

/** The stack of who asked says more than that of the socket. */
function withOwnStack(error: unknown): never {
  if (error instanceof Error) Error.captureStackTrace(error);
  throw error;
}
