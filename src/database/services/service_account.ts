import type { Queryable } from '../pool.ts';

export interface SealedAccount {
  name: string;
  provider: string;
  domain: string;
  baseUrl: string | null;
  trackingBaseUrl: string | null;
  /** 0: rated. */
  intervalMs: number;
  maxInFlight: number;
  timeoutMs: number;
  leaseMs: number;
  repeatsAreIdempotent: boolean;
  /** The mailbox for its bounces; null: the sender's address. */
  bounceAddress: string | null;
  /** Credentials, sealed for this service's id. */
  sealed: Buffer;
}

interface Row {
  name: string;
  provider: string;
  domain: string;
  base_url: string | null;
  tracking_base_url: string | null;
  interval_ms: number;
  max_in_flight: number;
  timeout_ms: number;
  lease_ms: number;
  repeats_are_idempotent: boolean;
  bounce_address: string | null;
  sealed: Buffer;
}

/** What a worker needs to speak with a service's provider; null when there is no such service. */
export async function serviceAccount(db: Queryable, serviceId: string): Promise<SealedAccount | null> {
  const { rows } = await db.query<Row>({
    name: 'service_account',
    text: 'select * from app_private.service_account($1)',
    values: [serviceId],
  });
  const row = rows[0];
  if (row === undefined) return null;
  return {
    name: row.name,
    provider: row.provider,
    domain: row.domain,
    baseUrl: row.base_url,
    trackingBaseUrl: row.tracking_base_url,
    intervalMs: row.interval_ms,
    maxInFlight: row.max_in_flight,
    timeoutMs: row.timeout_ms,
    leaseMs: row.lease_ms,
    repeatsAreIdempotent: row.repeats_are_idempotent,
    bounceAddress: row.bounce_address,
    sealed: row.sealed,
  };
}
