import type { Queryable } from '../pool.ts';

/** A sealed value, and what else the key made of it. */
export interface SealedValue {
  readonly kind: 'credentials' | 'signing' | 'channel';
  /** What it is sealed for: its service's id, or its own row's. */
  readonly id: string;
  readonly sealed: Buffer;
  /** Of credentials. */
  readonly provider: string | null;
  readonly baseUrl: string | null;
}

interface Row extends Omit<SealedValue, 'baseUrl'> {
  base_url: string | null;
}

/**
 * Values that another key sealed, some at a time.
 * @param keyId see `keyIdOf`
 * @param except ids to leave out
 */
export async function sealedOtherwise(
  db: Queryable,
  keyId: Buffer,
  except: readonly string[],
  limit: number,
): Promise<SealedValue[]> {
  const { rows } = await db.query<Row>({
    text: 'select * from app_private.sealed_otherwise($1, $2, $3)',
    values: [keyId, except, limit],
  });
  return rows.map(({ base_url, ...row }) => ({ ...row, baseUrl: base_url }));
}
