import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { pino } from 'pino';
import { z } from 'zod';
import { type Config, loadConfig } from '../../src/config.ts';
import { createUser } from '../../src/database/access/create_user.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { generatePassword, hashPassword } from '../../src/server/access/passwords.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { signIn } from './operations.ts';

export const secret = {
  encryption: randomBytes(32),
  tracking: randomBytes(32),
  access: randomBytes(32),
  former: [],
};

const answer = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string(), field: z.string(), id: z.string() }).partial().optional(),
      }),
    )
    .optional(),
});
export type Answer = z.infer<typeof answer>;

export interface TestServer extends TestDatabase {
  url: string;
  server: RunningServer;
  config: Config;
  /** Everything the server logged. */
  logged(): string;
  /** As an admin made for the test. */
  graphql(query: string, variables?: object): Promise<Answer>;
  /** Of a request that must succeed. */
  data(query: string, variables?: object): Promise<unknown>;
  /** "Bearer …" of that admin's session, which the first call begins. */
  authorization(): Promise<string>;
}

/**
 * A server with a database of its own, until the tests of the suite are done. Call it in a suite: the hooks of the file itself end the
 * cluster first.
 */
export async function startTestServer(
  env: NodeJS.ProcessEnv = {},
  more: Pick<ServerOptions, 'fetch' | 'now'> = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  const config = loadConfig({ NODE_ENV: 'test', ...env });
  const server = await startServer({ config, url: database.url, secret, log, port: 0, ...more });
  after(async () => {
    await server.close();
    await database.close();
  });
  let session: Promise<string> | null = null;
  const authorization = () => {
    session ??= signInAsAdmin(server.url, database.pool);
    return session;
  };
  const graphql = async (query: string, variables: object = {}) =>
    post(server.url, query, variables, await authorization());
  const data = async (query: string, variables: object = {}) => {
    const { data, errors } = await graphql(query, variables);
    if (errors !== undefined) throw new Error(`the request failed: ${JSON.stringify(errors)}`);
    return data;
  };
  return { ...database, server, config, logged: () => lines.join(''), graphql, data, authorization };
}

export async function post(url: string, query: string, variables: object, authorization?: string): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify({ query, variables }),
  });
  return answer.parse(await response.json());
}

/** @returns "Bearer …" of a session of an admin made for it */
export async function signInAsAdmin(url: string, db: Queryable): Promise<string> {
  const [email, password] = ['admin@example.com', generatePassword()];
  await createUser(db, { email, name: 'Admin', passwordHash: await hashPassword(password), isAdmin: true });
  const signedIn = await post(url, signIn, { email, password });
  return `Bearer ${textAt(signedIn, 'data.signIn.accessToken')}`;
}

/** What stands at a path like `createTask.task.id`; undefined when nothing does. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((from, key) => Object.entries(from ?? {}).find(([name]) => name === key)?.[1], value);
}

/** The same, which must be text: an id. */
export function textAt(value: unknown, path: string): string {
  return z.string(`nothing at ${path}`).parse(at(value, path));
}
