import type pg from 'pg';
import type { Queryable } from '../../src/database/pool.ts';
import { aUser, type Role } from '../access/support.ts';

/** Does `work` as a member of a workspace, in one transaction that is committed; what it throws undoes it. */
export async function asMember<T>(
  pool: pg.Pool,
  workspaceId: string,
  role: Role,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  const userId = await aUser(pool);
  await pool.query('insert into app_public.memberships (workspace_id, user_id, role) values ($1, $2, $3)', [
    workspaceId,
    userId,
    role,
  ]);
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('role', 'postilion_user', true), set_config('postilion.user_id', $1, true)`, [
      userId,
    ]);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** How many statements of this database wait for a lock at this moment. */
export async function waiting(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
}
