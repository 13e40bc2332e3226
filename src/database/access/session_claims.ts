/** What a member, or an API token, may do at most in a workspace, each including those before it. */
export const memberRoles = ['viewer', 'editor', 'sender', 'manager'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** Who asks, and with what rights: of a session or of an API token. */
export interface Claims {
  readonly userId: string;
  /** Runs the installation; of a token, when it was made for that. */
  readonly isAdmin: boolean;
  /** Null: an API token asks. */
  readonly sessionId: string | null;
  /** Null: a session asks. */
  readonly tokenId: string | null;
  readonly tokenRole: MemberRole | null;
  /** Null: every workspace of the user. */
  readonly tokenWorkspaceId: string | null;
}

/** app_private.session_claims */
export interface ClaimsRow {
  user_id: string;
  is_admin: boolean;
  session_id: string | null;
  token_id: string | null;
  token_role: MemberRole | null;
  token_workspace_id: string | null;
}

export function claimsOf(row: ClaimsRow): Claims {
  return {
    userId: row.user_id,
    isAdmin: row.is_admin,
    sessionId: row.session_id,
    tokenId: row.token_id,
    tokenRole: row.token_role,
    tokenWorkspaceId: row.token_workspace_id,
  };
}

/** Of a statement that answers with one row or none. */
export function claimsIn(rows: readonly ClaimsRow[]): Claims | null {
  const [row] = rows;
  return row === undefined ? null : claimsOf(row);
}
