import type { Queryable } from '../pool.ts';

/** Records a provider's answer in the inbox. `source`: whose webhooks it reads like. */
export async function recordAnswer(db: Queryable, source: string, body: Buffer): Promise<void> {
  await db.query('select app_private.record_answer($1, $2)', [source, body]);
}
