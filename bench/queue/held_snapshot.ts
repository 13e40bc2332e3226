import type pg from 'pg';
import { aBacklog, clear } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { type Loop, mailsPerSecond, someLoops } from './loops.ts';
import { type Figures, ofLimit, type Stage } from './stage.ts';

interface Rates {
  /** In batches of 20 by eight services, and one by one by sixteen; mails a second. */
  readonly batches: number;
  readonly singles: number;
}

/**
 * A long report or a backup: a transaction holds a snapshot, so that no row which changed since can be cleaned up. The queue works at full
 * speed from the moment it is taken; what counts is its rate when the snapshot has reached its age, against that without one.
 */
export async function heldSnapshot(stage: Stage): Promise<Figures> {
  const { pool, quick, seconds } = stage;
  const ageSeconds = quick ? 2 : 60;
  say('held snapshot: without one');
  await aBacklog(pool, quick ? 40_000 : 400_000);
  const free = await rates(stage, await someLoops(pool, 16));

  say(`held snapshot: ${ageSeconds} s old`);
  await clear(pool);
  await aBacklog(pool, Math.ceil(1.5 * (free.batches * (ageSeconds + seconds) + free.singles * seconds)));
  const loops = await someLoops(pool, 16);
  const release = await holdSnapshot(pool);
  const held = await mailsPerSecond(pool, loops.slice(0, 8), 20, ageSeconds)
    .then(() => rates(stage, loops))
    .finally(release);
  return {
    heldSnapshot: ofLimit(
      held.batches,
      free.batches,
      'mails/s',
      0.8,
      `ratio ≥ 0.8, the snapshot ${ageSeconds} s old, batches of 20`,
    ),
    heldSnapshotSingle: ofLimit(held.singles, free.singles, 'mails/s', 0, 'reported: the same, one by one'),
  };
}

async function rates({ pool, seconds }: Stage, loops: Loop[]): Promise<Rates> {
  const batches = await mailsPerSecond(pool, loops.slice(0, 8), 20, seconds);
  return { batches, singles: await mailsPerSecond(pool, loops, 1, seconds) };
}

/** @returns what ends the transaction. */
async function holdSnapshot(pool: pg.Pool): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query('begin isolation level repeatable read');
  // The snapshot is taken by the first query.
  await client.query('select count(*) from app_public.tasks');
  return async () => {
    await client.query('rollback');
    client.release();
  };
}
