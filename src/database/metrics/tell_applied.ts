import type { LogKey } from '../events/take_events.ts';
import { type Queryable, safeInteger } from '../pool.ts';

export interface Applied {
  /** From the receipt of each webhook until now, in seconds. */
  readonly lags: readonly number[];
  readonly events: readonly { readonly kind: string; readonly strategy: string; readonly count: number }[];
}

interface Row {
  lags: number[];
  kinds: string[];
  strategies: string[];
  counts: string[];
}

/** What webhooks that were applied in this transaction came to. */
export async function tellApplied(db: Queryable, logs: readonly LogKey[]): Promise<Applied> {
  const { rows } = await db.query<Row>({
    name: 'tell_applied',
    text: 'select * from app_private.tell_applied($1, $2)',
    values: [logs.map(({ id }) => id), logs.map(({ receivedAt }) => receivedAt)],
  });
  const { lags, kinds, strategies, counts } = rows[0] ?? nothing;
  const events = kinds.map((kind, place) => ({
    kind,
    strategy: strategies[place] ?? 'none',
    count: safeInteger(counts[place] ?? '0'),
  }));
  return { lags, events };
}

const nothing: Row = { lags: [], kinds: [], strategies: [], counts: [] };
