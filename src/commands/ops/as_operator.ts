// What the commands for operators have in common: a connection that may read schema ops, repair, and nothing else.
import { type Config, loadConfig } from '../../config.ts';
import { codeOf } from '../../database/error_code.ts';
import { createPool, type Queryable } from '../../database/pool.ts';
import { openServer, type Server } from '../../database/server.ts';
import { DatabaseUnusable } from '../../database/unusable.ts';
import { Fault, publicFault } from '../../server/errors.ts';

export interface Operator {
  readonly db: Queryable;
  readonly server: Server;
  readonly config: Config;
}

/**
 * Runs `work` as postilion_operator, whoever DATABASE_URL names: a login that is a member of that role suffices.
 * @throws ConfigError, DatabaseUnusable, Fault with what the database has against what was asked for
 */
export async function asOperator<T>(command: string, work: (operator: Operator) => Promise<T>): Promise<T> {
  await using opened = new AsyncDisposableStack();
  const config = loadConfig();
  const server = await openServer(config);
  opened.defer(() => server.stop());
  const db = createPool({
    connectionString: server.url,
    role: 'postilion_operator',
    max: 1,
    applicationName: `postilion ${command}`,
  });
  opened.defer(() => db.end());
  try {
    return await work({ db, server, config });
  } catch (error) {
    throw inWords(error);
  }
}

// undefined_function, undefined_table, invalid_schema_name, and a role that does not exist.
const notMigrated = new Set(['42883', '42P01', '3F000', '22023']);

function inWords(error: unknown): unknown {
  const code = codeOf(error);
  if (notMigrated.has(code)) {
    return new DatabaseUnusable('the database is older than this program; run: postilion migrate', { cause: error });
  }
  const fault = publicFault(error);
  return fault === null ? error : new Fault(fault.code, fault.message, { cause: error });
}
