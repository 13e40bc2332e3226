import type { Queryable } from '../pool.ts';

/** A webhook that failed its secret or its signature. */
export interface Refusal {
  /** As in the path: a source of events, or mail-event. */
  readonly source: string;
  /** Null: its secret led to none. */
  readonly serviceId: string | null;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Null, as its size: it was not read to its end. */
  readonly bodySha256: Buffer | null;
  readonly bodySize: number | null;
  /** Its first kilobyte. */
  readonly bodyHead: Buffer;
}

/**
 * Counts refused webhooks and keeps some of them whole.
 * @param counts of all that were refused, by source; those in `kept` included
 */
export async function recordWebhookRefusals(
  db: Queryable,
  counts: ReadonlyMap<string, number>,
  kept: readonly Refusal[],
): Promise<void> {
  await db.query({
    name: 'record_webhook_refusals',
    text: `select app_private.record_webhook_refusals(
             $1::text[], $2::integer[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[], $7::bytea[], $8::integer[], $9::bytea[])`,
    values: [
      [...counts.keys()],
      [...counts.values()],
      kept.map(({ source }) => source),
      kept.map(({ serviceId }) => serviceId),
      kept.map(({ reason }) => reason),
      kept.map(({ headers }) => JSON.stringify(headers)),
      kept.map(({ bodySha256 }) => bodySha256),
      kept.map(({ bodySize }) => bodySize),
      kept.map(({ bodyHead }) => bodyHead),
    ],
  });
}
