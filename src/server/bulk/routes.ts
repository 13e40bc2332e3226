// Contacts and suppressed addresses as files, in and out.
import type Koa from 'koa';
import Router from 'koa-router';
import type pg from 'pg';
import type { Logger } from 'pino';
import { exportFile } from '../../bulk/export.ts';
import { importFile } from '../../bulk/import.ts';
import type { Imported } from '../../database/bulk/staged_import.ts';
import { createPool } from '../../database/pool.ts';
import { callerOf, confirmCaller } from './caller.ts';
import { download } from './download.ts';
import { exportQuery, importQuery } from './query.ts';
import { explained, uploaded } from './upload.ts';

// Of its own, so that nobody's files keep anybody's requests waiting; and few, since each may keep a core of the database busy.
const connections = 4;

const names: Readonly<Record<Imported, string>> = { contact: 'contacts', suppression: 'suppressions' };

/** Behind the gate, which says who asks in ctx.state.claims. @returns what ends it */
export function installBulk(app: Koa, { url, log }: { url: string; log: Logger }): () => Promise<void> {
  const pool = createPool({
    connectionString: url,
    applicationName: 'postilion bulk',
    role: 'postilion_authenticator',
    max: connections,
    onError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const router = new Router();
  for (const what of ['contact', 'suppression'] as const) {
    router.post(`/api/${names[what]}/import`, (ctx) => takeIn(ctx, pool, what));
    router.get(`/api/${names[what]}/export`, (ctx) => giveOut(ctx, pool, what));
  }
  app.use(router.routes());
  return () => pool.end();
}

async function takeIn(ctx: Koa.Context, pool: pg.Pool, what: Imported): Promise<void> {
  const caller = callerOf(ctx);
  const options = { what, ...importQuery(ctx), confirm: () => confirmCaller(ctx) };
  try {
    const { isTaken, ...result } = await importFile(pool, caller, () => uploaded(ctx.req), options);
    const refusal = { code: 'BADIN', message: `file: nothing was taken, ${result.rejected} rows are bad` };
    ctx.status = isTaken ? 200 : 400;
    ctx.body = isTaken ? result : { ...refusal, ...result };
  } catch (error) {
    throw explained(error);
  }
}

async function giveOut(ctx: Koa.Context, pool: pg.Pool, what: Imported): Promise<void> {
  const caller = callerOf(ctx);
  const options = { what, ...exportQuery(ctx) };
  await download(ctx, `${names[what]}.csv`, (write) => exportFile(pool, caller, options, write));
}
