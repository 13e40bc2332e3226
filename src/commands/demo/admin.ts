import { createApiToken } from '../../database/access/create_api_token.ts';
import { createUser } from '../../database/access/create_user.ts';
import { createPool } from '../../database/pool.ts';
import { generatePassword, hashPassword } from '../../server/access/passwords.ts';
import { newToken } from '../../server/access/tokens.ts';

export interface DemoAdmin {
  readonly email: string;
  readonly password: string;
  /** An API token: a session would have to be refreshed in a long campaign. */
  readonly token: string;
}

/**
 * An admin of the demo's own database, for the demo and for who looks around afterwards.
 * @param url as the server logs in
 */
export async function demoAdmin(url: string, email: string): Promise<DemoAdmin> {
  const role = 'postilion_authenticator';
  const db = createPool({ connectionString: url, applicationName: 'postilion demo', role, max: 1 });
  const password = generatePassword();
  const { text: token, hash } = newToken('api');
  try {
    const passwordHash = await hashPassword(password);
    const { id: userId } = await createUser(db, { email, name: 'Admin', passwordHash, isAdmin: true });
    const rights = { role: 'manager', workspaceId: null, isAdmin: true, expiresAt: null } as const;
    await createApiToken(db, { userId, name: 'demo', hash, ...rights });
  } finally {
    await db.end();
  }
  return { email, password, token };
}
