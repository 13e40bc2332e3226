import { once } from 'node:events';
import { createServer } from 'node:http';
import Koa from 'koa';
import type pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import { ContactRows } from '../../src/bulk/contact_rows.ts';
import { RowStream } from '../../src/bulk/row_stream.ts';
import { type Caller, operator } from '../../src/database/as_caller.ts';
import { installBulk } from '../../src/server/bulk/routes.ts';
import { isUpload } from '../../src/server/bulk/upload.ts';
import { installErrorHandling } from '../../src/server/error_handling.ts';
import { limitRequestTime } from '../../src/server/request_time.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aWorkspace, one } from '../support/scene.ts';

const counts = {
  read: z.number(),
  inserted: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  duplicates: z.number(),
  rejected: z.number(),
  errors: z.array(z.strictObject({ line: z.number(), reason: z.string(), column: z.string().optional() })),
};
const result = z.strictObject({ ...counts, code: z.string().optional(), message: z.string().optional() });
export type Result = z.infer<typeof result>;

/** What a test posts. */
export type Body = string | Buffer<ArrayBuffer>;

const fault = z.object({ code: z.string(), message: z.string() });

export const faultOf = async (response: Response) => fault.parse(await response.json());

export const resultOf = async (response: Response): Promise<Result> => result.parse(await response.json());

/** What an import came to, without what is none. */
export function tally({ errors, ...rest }: Result): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== 0));
}

export interface BulkServer extends TestDatabase {
  /** Of the server; who asks is the caller that `as` named last, at first the operator. */
  origin: string;
  as(caller: Caller | null): void;
  /** From now on the gate lets in whom it let in before, or not. */
  holds(isGood: boolean): void;
  post(path: string, body: Body, headers?: Record<string, string>): Promise<Response>;
  /** Of a file of contacts that is taken. */
  imported(workspaceId: string, body: Body, query?: string): Promise<Result>;
  exported(workspaceId: string, query?: string): Promise<string>;
}

export interface BulkSettings {
  /** Of an unpacked file. */
  maxBytes?: number;
  /** For a connection. */
  waitMs?: number;
}

/** The routes behind a gate that believes everything, with a database of their own. */
export async function startBulkServer(options: BulkSettings = {}): Promise<BulkServer> {
  const { maxBytes = 100_000_000, ...waiting } = options;
  const database = await createTestDatabase();
  let caller: Caller | null = operator;
  let isGood = true;
  const app = new Koa();
  const log = pino({ level: 'error' });
  installErrorHandling(app, log);
  app.use((ctx, next) => {
    Object.assign(ctx.state, { claims: caller, stillHolds: async () => isGood });
    return next();
  });
  const closeBulk = installBulk(app, { url: database.url, log, config: { BULK_MAX_BYTES: maxBytes }, ...waiting });
  // Client and server share one event loop here: a connection that is given up while it is busy would break the next request.
  const server = createServer({ keepAliveTimeout: 0 });
  limitRequestTime(server, 60_000, isUpload);
  server.on('request', app.callback());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens nowhere');
  const origin = `http://127.0.0.1:${address.port}`;
  const post = (path: string, body: Body, headers: Record<string, string> = {}) =>
    fetch(`${origin}${path}`, { method: 'POST', body, headers: { 'content-type': 'text/csv', ...headers } });
  const imported = async (workspaceId: string, body: Body, query = '') => {
    const response = await post(`/api/contacts/import?workspace=${workspaceId}${query}`, body);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return resultOf(response);
  };
  const exported = async (workspaceId: string, query = '') => {
    const response = await fetch(`${origin}/api/contacts/export?workspace=${workspaceId}${query}`);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return response.text();
  };
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await closeBulk();
    await database.close();
  };
  const as = (who: Caller | null) => {
    caller = who;
  };
  const holds = (value: boolean) => {
    isGood = value;
  };
  return { ...database, close, origin, as, holds, post, imported, exported };
}

export interface Contact {
  email: string;
  name: string | null;
  timezone: string | null;
  tags: string[];
  attributes: Record<string, unknown>;
}

export async function contactsOf(pool: pg.Pool, workspaceId: string): Promise<Contact[]> {
  const { rows } = await pool.query<Contact>(
    'select email, name, timezone, tags, attributes from app_public.contacts where workspace_id = $1 order by email',
    [workspaceId],
  );
  return rows;
}

export const countOf = (pool: pg.Pool, workspaceId: string) =>
  one<number>(pool, 'select count(*)::integer from app_public.contacts where workspace_id = $1', [workspaceId]);

export { aWorkspace, one };

/** The rows for COPY that a file becomes. */
export async function rowsOfFile(file: string): Promise<string[]> {
  const stream = new RowStream({ delimiter: 'comma', writer: (names) => new ContactRows(names, new Map(), []) });
  stream.end(file);
  return Buffer.concat(await stream.toArray())
    .toString()
    .split('\n')
    .slice(0, -1);
}
