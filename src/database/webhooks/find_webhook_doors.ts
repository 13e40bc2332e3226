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
  readonly signingSecrets: readonly SealedSigningSecret[];
}

interface Row {
  hash: Buffer;
  email_service_id: string;
  secret_id: string | null;
  source: string | null;
  sealed: Buffer | null;
}

/** The services whose paths have secrets with these SHA-256, by the hash in hex. */
export async function findWebhookDoors(db: Queryable, hashes: readonly Buffer[]): Promise<Map<string, FoundDoor>> {
  const { rows } = await db.query<Row>({
    name: 'find_webhook_doors',
    text: 'select hash, email_service_id, secret_id, source, sealed from app_private.find_webhook_doors($1::bytea[])',
    values: [hashes],
  });
  const byHash = Map.groupBy(rows, ({ hash }) => hash.toString('hex'));
  return new Map([...byHash].map(([hash, ofHash]) => [hash, doorOf(ofHash)]));
}

function doorOf(rows: readonly Row[]): FoundDoor {
  return {
    serviceId: rows[0]?.email_service_id ?? '',
    signingSecrets: rows.flatMap(({ secret_id: id, source, sealed }) =>
      id === null || source === null ? [] : [{ id, source, sealed }],
    ),
  };
}
