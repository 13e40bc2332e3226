import { type Queryable, safeInteger } from '../pool.ts';

export const replayable = ['all', 'failed', 'unresolved'] as const;

export interface Replay {
  /** ISO 8601, or as the database wrote it. */
  readonly since: string;
  /** Up to and without this time. */
  readonly until: string;
  /** Of one source; null: of all. */
  readonly source: string | null;
  readonly where: (typeof replayable)[number];
}

interface Row {
  replayed: number;
  last_received_at: string | null;
  last_id: string | null;
}

/**
 * Puts bodies back into the inbox, chunk by chunk, each its own transaction.
 * @param onChunk told after each of them how many it put back
 * @returns how many in all
 */
export async function replayEvents(db: Queryable, replay: Replay, onChunk: (count: number) => void): Promise<number> {
  let total = 0;
  let since = replay.since;
  let afterId = -1;
  for (;;) {
    const { rows } = await db.query<Row>('select * from app_private.replay_events($1, $2, $3, $4, $5, $6)', [
      since,
      replay.until,
      replay.source,
      replay.where,
      afterId,
      chunk,
    ]);
    const [row] = rows;
    if (row === undefined || row.last_received_at === null || row.last_id === null) return total;
    total += row.replayed;
    since = row.last_received_at;
    afterId = safeInteger(row.last_id);
    onChunk(row.replayed);
  }
}

const chunk = 1_000;

/** How many bodies of that time are not applied, or wait to be tried again. */
export async function replayLeft(db: Queryable, { since, until }: Pick<Replay, 'since' | 'until'>): Promise<number> {
  const { rows } = await db.query<{ left: number }>('select app_private.replay_left($1, $2) as left', [since, until]);
  return rows[0]?.left ?? 0;
}
