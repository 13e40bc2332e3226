// The pool as graphile-worker sees it. Nobody awaits the statement with which it ends a job: where that fails, the process ends by an unhandled
// rejection, with all mails it has on their way. It repeats the statement for a few codes only, and a connection that breaks has none of them.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { silentForMs } from './keep_alive.ts';

const firstDelayMs = 50;
const lastDelayMs = 500;
/** "The database system is starting up": of a server that is away, the one code for which graphile-worker tries again. */
const tryAgain = '57P03';

type Statement = [query: string | pg.QueryConfig, values?: unknown[]];
type Listen = Parameters<pg.Pool['connect']>[0];

/** Waits for a connection, for as long as a runner lives without one, and says of a statement whose connection broke that it is to be tried again. */
export function jobPool(pool: pg.Pool, stopping: AbortSignal): pg.Pool {
  async function connect(): Promise<pg.PoolClient> {
    const giveUpAt = performance.now() + silentForMs;
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, lastDelayMs)) {
      try {
        const client = await pool.connect();
        return withOwn(client, 'query', (...statement: Statement) => query(client, statement));
      } catch (error) {
        if (stopping.aborted || performance.now() > giveUpAt) throw error;
        await sleep(delayMs, undefined, { signal: stopping }).catch(() => {});
      }
    }
  }
  // With a callback it is the client that listens, which has a back-off of its own.
  return withOwn(pool, 'connect', (listen?: Listen) => (listen === undefined ? connect() : pool.connect(listen)));
}

async function query(client: pg.PoolClient, statement: Statement): Promise<pg.QueryResult> {
  try {
    return await client.query(...statement);
  } catch (error) {
    if (!isLost(error)) throw error;
    throw Object.assign(new Error('the connection broke', { cause: error }), { code: tryAgain });
  }
}

/** Whether it is no word of the server on the statement, but none at all, or that it ends this session. */
function isLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(08|57P)/.test(error.code ?? '');
}

function withOwn<T extends object>(target: T, name: keyof T, own: (...args: never[]) => unknown): T {
  return new Proxy(target, {
    get(of, key) {
      const value: unknown = key === name ? own : Reflect.get(of, key);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
}
