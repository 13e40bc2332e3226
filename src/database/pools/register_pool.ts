import type { Queryable } from '../pool.ts';

export type PoolKind = 'send' | 'other';

/** Makes a runner process known before it takes its first job. `host`: where `pid` can be looked up. */
export async function registerPool(
  db: Queryable,
  pool: { id: string; kind: PoolKind; host: string; pid: number },
): Promise<void> {
  await db.query('select app_private.register_pool($1, $2, $3, $4)', [pool.id, pool.kind, pool.host, pool.pid]);
}
