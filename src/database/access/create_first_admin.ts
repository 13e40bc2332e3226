import type pg from 'pg';
import { createUser } from './create_user.ts';

/** Any number that nothing else locks. */
const lockKey = 7_264_918_305_122;

/**
 * Makes an admin where nobody can sign in yet. Of two servers that start at once the second waits here, and then finds one.
 * @param passwordHash asked for only when it is needed: it costs
 * @returns whether it was made
 */
export async function createFirstAdmin(
  pool: pg.Pool,
  email: string,
  passwordHash: () => Promise<string>,
): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    const { rows } = await client.query<{ hasUsers: boolean }>('select app_private.has_users() as "hasUsers"');
    const isFirst = rows[0]?.hasUsers === false;
    if (isFirst) await createUser(client, { email, name: 'Admin', passwordHash: await passwordHash(), isAdmin: true });
    await client.query('commit');
    return isFirst;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
