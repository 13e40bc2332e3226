// Contacts and suppressed addresses as files, in and out.
import type Koa from 'koa';
import Router from 'koa-router';
import type pg from 'pg';
import type { Logger } from 'pino';
import { exportFile } from '../../bulk/export.ts';
import { importFile } from '../../bulk/import.ts';
import type { Config } from '../../config.ts';
import type { Imported } from '../../database/bulk/staged_import.ts';
import { createPool } from '../../database/pool.ts';
import { Fault } from '../errors.ts';
import { callerOf, confirmCaller } from './caller.ts';
import { download } from './download.ts';
import { exportQuery, importQuery } from './query.ts';
import { Turns } from './turns.ts';
import { explained, uploaded } from './upload.ts';

// Of its own, so that nobody's files keep anybody's requests waiting; and few, since each may keep a core of the database busy.
const connections = 4;
const retryAfterSeconds = 30;

const names: Readonly<Record<Imported, string>> = { contact: 'contacts', suppression: 'suppressions' };

export interface BulkOptions {
  readonly url: string;
  readonly log: Logger;
  readonly config: Pick<Config, 'BULK_MAX_BYTES'>;
  /** How long a file waits for one of the connections, in milliseconds. */
  readonly waitMs?: number;
}

interface Bulk {
  readonly pool: pg.Pool;
  readonly turns: Turns;
  readonly maxBytes: number;
}

/** Behind the gate, which says who asks in ctx.state.claims. @returns what ends it */
export function installBulk(app: Koa, { url, log, config, waitMs = 10_000 }: BulkOptions): () => Promise<void> {
  const pool = createPool({
    connectionString: url,
    applicationName: 'postilion bulk',
    role: 'postilion_authenticator',
    max: connections,
    onError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const bulk = { pool, turns: new Turns(connections, waitMs), maxBytes: config.BULK_MAX_BYTES };
  const router = new Router();
  for (const what of ['contact', 'suppression'] as const) {
    router.post(`/api/${names[what]}/import`, (ctx) => takeIn(ctx, bulk, what));
    router.get(`/api/${names[what]}/export`, (ctx) => giveOut(ctx, bulk, what));
  }
  app.use(router.routes());
  return () => pool.end();
}

async function takeIn(ctx: Koa.Context, { pool, turns, maxBytes }: Bulk, what: Imported): Promise<void> {
  const caller = callerOf(ctx);
  const options = { what, ...importQuery(ctx), confirm: () => confirmCaller(ctx, 'nothing was taken') };
  try {
    const { isTaken, ...result } = await turns.take(() =>
      importFile(pool, caller, () => uploaded(ctx.req, maxBytes), options),
    );
    const refusal = { code: 'BADIN', message: `file: nothing was taken, ${result.rejected} rows are bad` };
    ctx.status = isTaken ? 200 : 400;
    ctx.body = isTaken ? result : { ...refusal, ...result };
  } catch (error) {
    throw told(ctx, explained(error));
  }
}

async function giveOut(ctx: Koa.Context, { pool, turns }: Bulk, what: Imported): Promise<void> {
  const caller = callerOf(ctx);
  const options = { what, ...exportQuery(ctx), confirm: () => confirmCaller(ctx, 'the file ends here') };
  try {
    await download(ctx, `${names[what]}.csv`, (write) => turns.take(() => exportFile(pool, caller, options, write)));
  } catch (error) {
    throw told(ctx, error);
  }
}

/** Files take their time: who was refused for want of a turn need not come again at once. */
function told(ctx: Koa.Context, error: unknown): unknown {
  if (error instanceof Fault && error.code === 'UNAVL') ctx.set('Retry-After', String(retryAfterSeconds));
  return error;
}
