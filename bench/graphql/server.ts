import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { childEnvironment } from '../../src/config.ts';
import { createUser } from '../../src/database/access/create_user.ts';
import { generatePassword, hashPassword } from '../../src/server/access/passwords.ts';
import { workerEnvironment } from '../../test/support/campaign.ts';
import type { Stage } from '../queue/stage.ts';

/** The server to be measured, and who asks it. */
export interface Asked {
  readonly origin: string;
  readonly pid: number;
  /** "Bearer …" of a member who may look. */
  readonly viewer: string;
  /** "Bearer …" of an admin. */
  readonly admin: string;
}

/** Does some work while the server of server_process.ts runs. */
export async function withAsked<T>(
  { url, pool }: Stage,
  workspaceId: string,
  work: (asked: Asked) => Promise<T>,
): Promise<T> {
  const server = fork(join(import.meta.dirname, 'server_process.ts'), {
    env: childEnvironment({
      ...workerEnvironment,
      DATABASE_URL: url,
      PORT: '0',
      NODE_ENV: 'production',
      RATE_LIMIT_PER_MINUTE: '1000000',
    }),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(server, 'exit');
  try {
    const origin = await Promise.race([
      once(server, 'message').then(([message]) => z.url().parse(message)),
      gone.then(() => Promise.reject(new Error('the server ended before it was up'))),
    ]);
    const admin = await signedIn(pool, origin, 'admin@example.com', true);
    const viewer = await signedIn(pool, origin, 'viewer@example.com', false);
    await pool.query(
      `insert into app_public.memberships (workspace_id, user_id, role)
       select $1, id, 'viewer' from app_public.users where email = 'viewer@example.com'`,
      [workspaceId],
    );
    return await work({ origin, pid: z.number().parse(server.pid), viewer, admin });
  } finally {
    server.kill('SIGTERM');
    await gone;
  }
}

const session = z.object({ data: z.object({ signIn: z.object({ accessToken: z.string() }) }) });

async function signedIn(pool: Stage['pool'], origin: string, email: string, isAdmin: boolean): Promise<string> {
  const password = generatePassword();
  await createUser(pool, { email, name: email, passwordHash: await hashPassword(password), isAdmin });
  const query =
    'mutation ($email: String!, $password: String!) { signIn(input: { email: $email, password: $password }) { accessToken } }';
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { email, password } }),
  });
  return `Bearer ${session.parse(await response.json()).data.signIn.accessToken}`;
}
