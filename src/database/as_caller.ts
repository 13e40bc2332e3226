import type pg from 'pg';

/** Who asks, as the gate found out. */
export interface Caller {
  /** Null: nobody who signed in, as at a terminal of the installation. */
  readonly userId: string | null;
  readonly isAdmin: boolean;
  /** Null: a session asks, not an API token. */
  readonly tokenRole: string | null;
  readonly tokenWorkspaceId: string | null;
}

/** Who may run commands where the database's address is known may everything. */
export const operator: Caller = { userId: null, isAdmin: true, tokenRole: null, tokenWorkspaceId: null };

export interface CallerLimits {
  /** Of one statement. */
  readonly statementMs: number;
  /** Between two statements. */
  readonly idleMs: number;
}

/**
 * Runs a transaction with the rights of who asks, as a GraphQL request would be. Whatever ends it otherwise than by a result is rolled back; a
 * connection that can't be is closed.
 * @param pool of sessions that may become postilion_visitor, postilion_user and postilion_admin
 */
export async function asCaller<T>(
  pool: pg.Pool,
  caller: Caller,
  { statementMs, idleMs }: CallerLimits,
  work: (db: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const db = await pool.connect();
  let failed: unknown;
  try {
    await db.query('begin');
    await set(db, {
      ...callerSettings(caller),
      statement_timeout: `${statementMs}ms`,
      idle_in_transaction_session_timeout: `${idleMs}ms`,
    });
    const result = await work(db);
    await db.query('commit');
    return result;
  } catch (error) {
    failed = await db.query('rollback').then(
      () => undefined,
      (unusable: unknown) => unusable,
    );
    throw error;
  } finally {
    db.release(failed !== undefined);
  }
}

export type CallerRole = 'postilion_visitor' | 'postilion_user' | 'postilion_admin';

/**
 * What the database is told of who asks; null: a visitor. Every setting is named, so that none of who asked before is left. An admin's token
 * that was not made to run the installation is a member's like any other.
 */
export function callerSettings(caller: Caller | null) {
  return {
    role: roleOf(caller),
    'postilion.user_id': caller?.userId ?? '',
    'postilion.token_role': caller?.tokenRole ?? '',
    'postilion.token_workspace_id': caller?.tokenWorkspaceId ?? '',
  };
}

function roleOf(caller: Caller | null): CallerRole {
  if (caller?.isAdmin) return 'postilion_admin';
  return caller === null || caller.userId === null ? 'postilion_visitor' : 'postilion_user';
}

/** Until the end of the transaction. */
async function set(db: pg.PoolClient, settings: Record<string, string>): Promise<void> {
  await db.query('select set_config(key, value, true) from json_each_text($1)', [JSON.stringify(settings)]);
}
