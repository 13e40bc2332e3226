import { findUser, type User } from '../../database/access/users.ts';
import type { Queryable } from '../../database/pool.ts';
import { Fault } from '../../server/errors.ts';

/**
 * @param asked an id or an address
 * @throws Fault NTFND
 */
export async function userNamed(db: Queryable, asked: string): Promise<User> {
  const user = await findUser(db, asked);
  if (user === null) throw new Fault('NTFND', `there is no user ${JSON.stringify(asked)}`);
  return user;
}
