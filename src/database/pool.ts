import pg from 'pg';
import { SessionClient } from './session_client.ts';

/** Whatever can run a statement: a pool, one of its clients, or a client of its own. */
export interface Queryable {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    query: string | pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>>;
}

export interface PoolOptions {
  connectionString: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** The role every session starts in, where "reset role" and "discard all" return to. */
  role?: string;
  /** Most connections at once; default 10. */
  max?: number;
  /** Told of connections that broke. The pool replaces them by itself. */
  onError?: (error: Error) => void;
}

/**
 * What the server is asked to do for each of our sessions. First, to find out within 20 s that the other end is gone: a machine that loses its power
 * or its link says no word, and PostgreSQL would keep its transaction, with all its locks, for two hours. Keepalives are for a session from
 * which the server expects something, the timeout is for one whose answer is never acknowledged. They mean nothing on a Unix socket.
 */
const sessionSettings: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '5',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '15s',
  // On by default, and it compiles what looks dear to the planner: a claim has plans with nested loops off, whose estimates are beyond any threshold, and
  // took 130 ms instead of one.
  jit: 'off',
  // On by default, too: where a generic plan expects many rows it has processes share them. Pages of mails: 316 a second with them, 640 without.
  max_parallel_workers_per_gather: '0',
  // As times are read by programs.
  datestyle: 'ISO',
};

/** The same from our end, for connections that wait; Node asks ten times, a second apart. Zero, the default of pg, is the kernel's two hours. */
export const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 };

/**
 * A pool that outlives a restart of its database: without these handlers an idle, or a lent, connection that breaks
 * raises an unhandled "error" event, which ends the process.
 */
export function createPool({ connectionString, applicationName, role, max = 10, onError }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: forSession(connectionString, role),
    application_name: applicationName,
    ...keepAlive,
    max,
    Client: SessionClient,
  });
  const told = new WeakSet<Error>();
  const tell = (error: Error) => {
    if (told.has(error)) return;
    told.add(error);
    onError?.(error);
  };
  pool.on('error', tell);
  pool.on('connect', (client) => client.on('error', tell));
  pools.set(pool, applicationName.replace(/^postilion /, ''));
  return pool;
}

const pools = new Map<pg.Pool, string>();

/** The pools of this process, for monitoring. */
export function openPools(): { name: string; pool: pg.Pool }[] {
  for (const pool of pools.keys()) if (pool.ended) pools.delete(pool);
  return [...pools].map(([pool, name]) => ({ name, pool }));
}

/**
 * The same connection, for sessions that begin in `role` and end when their other end is gone. In the address, because pg lets the address win
 * over other options.
 */
export function forSession(connectionString: string, role?: string): string {
  const url = new URL(connectionString);
  const settings = Object.entries({ ...sessionSettings, ...(role !== undefined && { role }) });
  const options = [url.searchParams.get('options'), ...settings.map(([name, value]) => `-c ${name}=${value}`)];
  url.searchParams.set('options', options.filter(Boolean).join(' '));
  return url.href;
}

/** The same connection, to another database of that server. */
export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** A bigint as pg returns it (text), as a number. Throws RangeError where a number can not hold it exactly. */
export function safeInteger(int8: string): number {
  const value = Number(int8);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${int8} is beyond the integers a number holds exactly`);
  return value;
}
