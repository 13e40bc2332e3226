import type { Queryable } from '../pool.ts';

/** Records in the inbox what a provider answered about the mails of a service. `source`: whose webhooks it reads like. */
export async function recordAnswer(db: Queryable, serviceId: string, source: string, body: Buffer): Promise<void> {
  await db.query('select app_private.record_answer($1, $2, $3)', [serviceId, source, body]);
}
