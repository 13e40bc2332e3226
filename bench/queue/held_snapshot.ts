import type pg from 'pg';
import { aBacklog } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { type Loop, mailsPerSecond, someLoops } from './loops.ts';
import { type Figures, ofLimit, type Stage } from './stage.ts';

const rounds = 5;
/** More than eight services sent in a second anywhere so far. */
const mostPerSecond = 14_000;

/**
 * A long report or a backup: a transaction holds a snapshot, so that no row which changed since can be cleaned up. Two databases work at full
 * speed for its age, one of them with it; what counts are their rates afterwards, in slices in turn. A snapshot holds nothing up in the other.
 */
export async function heldSnapshot({ beside, ...stage }: Stage): Promise<Figures> {
  const ageSeconds = stage.quick ? 2 : 60;
  const other = await beside();
  try {
    const rows = Math.ceil(mostPerSecond * (ageSeconds + stage.seconds) * 1.1);
    say(`held snapshot: ${ageSeconds} s of work without one`);
    const free = await aged(other.pool, rows, ageSeconds);
    say(`held snapshot: ${ageSeconds} s of work beside it`);
    const release = await holdSnapshot(stage.pool);
    try {
      const held = await aged(stage.pool, rows, ageSeconds);
      const batches = await inTurn(held, free, stage.seconds, ({ pool, loops }, seconds) =>
        mailsPerSecond(pool, loops.slice(0, 8), 20, seconds),
      );
      const singles = await inTurn(held, free, stage.seconds, ({ pool, loops }, seconds) =>
        mailsPerSecond(pool, loops, 1, seconds),
      );
      const goal = `ratio ≥ 0.8, the snapshot ${ageSeconds} s old, batches of 20`;
      return {
        heldSnapshot: ofLimit(batches.held, batches.free, 'mails/s', 0.8, goal),
        heldSnapshotSingle: ofLimit(singles.held, singles.free, 'mails/s', 0, 'reported: the same, one by one'),
      };
    } finally {
      await release();
    }
  } finally {
    await other.close();
  }
}

interface Place {
  readonly pool: pg.Pool;
  readonly loops: Loop[];
}

/** Eight services that have worked for so long, with as many again for what is done one by one. */
async function aged(pool: pg.Pool, rows: number, seconds: number): Promise<Place> {
  await aBacklog(pool, rows);
  const loops = await someLoops(pool, 16);
  await mailsPerSecond(pool, loops.slice(0, 8), 20, seconds);
  return { pool, loops };
}

/** Mails a second, in slices in turn, so that a busy machine meets both alike. */
async function inTurn(
  held: Place,
  free: Place,
  seconds: number,
  rateOf: (place: Place, seconds: number) => Promise<number>,
): Promise<{ held: number; free: number }> {
  const sums = { held: 0, free: 0 };
  for (let round = 0; round < rounds; round += 1) {
    sums.held += await rateOf(held, seconds / rounds);
    sums.free += await rateOf(free, seconds / rounds);
  }
  return { held: sums.held / rounds, free: sums.free / rounds };
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
