// Puts bodies back into the inbox and applies them in this process, whether a worker runs or not; where one does, they share the work.
import type { Config } from '../../config.ts';
import { type Replay, replayEvents, replayLeft } from '../../database/events/replay_events.ts';
import { createPool } from '../../database/pool.ts';
import type { Logger } from '../../log.ts';
import { applyBatch } from '../../tasks/inbox/apply_batch.ts';
import type { Progress } from './progress.ts';

export interface ReplayContext {
  readonly config: Config;
  readonly log: Logger;
  /** Of the database, as its owner. */
  readonly url: string;
  /** Aborted: what is put back is left to the workers. */
  readonly stopping: AbortSignal;
}

export interface Replayed {
  /** Bodies put back into the inbox. */
  readonly replayed: number;
  /** Bodies of that time which are not applied now: to be tried again later, or in another process's hands. */
  readonly left: number;
}

const batchSize = 1_000;

/** @throws DatabaseError BADIN where the database refuses what was chosen */
export async function replayInbox(
  { config, log, url, stopping }: ReplayContext,
  {
    since,
    until,
    where,
    source,
  }: Pick<Replay, 'since' | 'where'> & { until?: string | undefined; source?: string | undefined },
  progress: Progress,
): Promise<Replayed> {
  const db = createPool({
    connectionString: url,
    role: 'postilion_worker',
    applicationName: 'postilion events',
    max: 2,
  });
  try {
    const chosen: Replay = { since, until: until ?? (await now(db)), where, source: source ?? null };
    const replayed = await replayEvents(db, chosen, progress.add);
    for (let count = batchSize; count > 0 && !stopping.aborted; progress.done(count))
      count = await applyBatch({ db, config, log, stopping }, batchSize);
    return { replayed, left: await replayLeft(db, chosen) };
  } finally {
    await db.end();
  }
}

// The database's clock wrote the times of receipt. What comes in from now on is not waited for.
async function now(db: ReturnType<typeof createPool>): Promise<string> {
  const { rows } = await db.query<{ now: string }>('select clock_timestamp()::text as now');
  return rows[0]?.now ?? 'now';
}
