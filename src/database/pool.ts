import pg from 'pg';

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
 * A pool that outlives a restart of its database: without these handlers an idle, or a lent, connection that breaks
 * raises an unhandled "error" event, which ends the process.
 */
export function createPool({ connectionString, applicationName, role, max = 10, onError }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: role === undefined ? connectionString : withRole(connectionString, role),
    application_name: applicationName,
    keepAlive: true,
    max,
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

/** The same connection, its sessions begun in `role`. In the address, because pg lets the address win over other options. */
export function withRole(connectionString: string, role: string): string {
  const url = new URL(connectionString);
  const options = [url.searchParams.get('options'), `-c role=${role}`].filter(Boolean);
  url.searchParams.set('options', options.join(' '));
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
