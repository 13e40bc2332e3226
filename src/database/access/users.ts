import type { Queryable } from '../pool.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly isAdmin: boolean;
  readonly isDisabled: boolean;
  readonly createdAt: Date;
}

const columns = `id, email, name, is_admin as "isAdmin", is_disabled as "isDisabled", created_at as "createdAt"`;

/** All of them, for people at the terminal. */
export async function allUsers(db: Queryable): Promise<User[]> {
  const { rows } = await db.query<User>(`select ${columns} from app_public.users order by email`);
  return rows;
}

/** @param asked the id or the address of a user */
export async function findUser(db: Queryable, asked: string): Promise<User | null> {
  const { rows } = await db.query<User>(
    `select ${columns} from app_public.users where id::text = lower($1) or email = lower(btrim($1))`,
    [asked],
  );
  return rows[0] ?? null;
}
