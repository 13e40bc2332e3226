import type { Queryable } from '../pool.ts';

export interface SealedSigningSecret {
  /** Of its row: what it was sealed for. */
  readonly id: string;
  readonly source: string;
  /** Null: it has expired. */
  readonly sealed: Buffer | null;
}

/** What a path's secret leads to. */
export interface FoundDoor {
  readonly serviceId: string;
  /** Of the service. */
  readonly provider: string;
  /** Who posts there beside the provider; null: nobody. */
  readonly source: string | null;
  readonly signingSecrets: readonly SealedSigningSecret[];
}

interface Row {
  hash: Buffer;
  email_service_id: string;
  provider: string;
  posting_source: string | null;
  secret_id: string | null;
  source: string | null;
  sealed: Buffer | null;
}

/** The services whose paths have secrets with these SHA-256, by the hash in hex. */
export async function findWebhookDoors(db: Queryable, hashes: readonly Buffer[]): Promise<Map<string, FoundDoor>> {
  const { rows } = await db.query<Row>({
    name: 'find_webhook_doors',
    text: `select hash, email_service_id, provider, posting_source, secret_id, source, sealed
             from app_private.find_webhook_doors($1::bytea[])`,
    values: [hashes],
  });
  const byHash = Map.groupBy(rows, ({ hash }) => hash.toString('hex'));
  return new Map([...byHash].flatMap(([hash, [first, ...more]]) => (first ? [[hash, doorOf(first, more)]] : [])));
}

function doorOf(first: Row, more: readonly Row[]): FoundDoor {
  return {
    serviceId: first.email_service_id,
    provider: first.provider,
    source: first.posting_source,
    signingSecrets: [first, ...more].flatMap(({ secret_id: id, source, sealed }) =>
      id === null || source === null ? [] : [{ id, source, sealed }],
    ),
  };
}
