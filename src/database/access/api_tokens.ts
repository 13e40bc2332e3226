import type { Queryable } from '../pool.ts';

/** A token as one may show it: without the token. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly isAdmin: boolean;
  /** The name of the only one it is for; null: all of its user's. */
  readonly workspace: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** All of them, for people at the terminal. */
export async function allApiTokens(db: Queryable): Promise<ApiToken[]> {
  const { rows } = await db.query<ApiToken>(
    `select t.id, t.name, u.email, t.role, t.is_admin as "isAdmin", w.name as workspace, t.created_at as "createdAt",
            t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"
       from app_public.api_tokens t
       join app_public.users u on u.id = t.user_id
       left join app_public.workspaces w on w.id = t.workspace_id
      order by u.email, t.created_at`,
  );
  return rows;
}
