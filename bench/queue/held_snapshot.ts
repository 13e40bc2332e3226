import type pg from 'pg';
import { alternate, type Pair, priceOf } from '../support/alternate.ts';
import { aBacklog } from '../support/backlog.ts';
import { percentile } from '../support/percentile.ts';
import { type Figure, say } from '../support/report.ts';
import { type Loop, mailsPerSecond, someLoops } from './loops.ts';
import type { Figures, Stage } from './stage.ts';

/** More than eight services sent in a second anywhere so far. */
const mostPerSecond = 20_000;

/**
 * A long report or a backup: a transaction holds a snapshot, so that no row which changed since can be cleaned up. Two databases work at full
 * speed for its age, one of them with it; what counts are their rates afterwards, in slices in turn. A snapshot holds nothing up in the other.
 */
export async function heldSnapshot({ beside, ...stage }: Stage): Promise<Figures> {
  const ageSeconds = stage.quick ? 2 : 60;
  // Odd, so that one of them is the median. Slices of a second: what others do on the machine, and autovacuum, halves some of them.
  const pairs = stage.quick ? 3 : 19;
  const seconds = stage.seconds * 2;
  const other = await beside();
  try {
    const rows = Math.ceil(mostPerSecond * (ageSeconds + seconds) * 1.1);
    say(`held snapshot: ${ageSeconds} s of work without one`);
    const free = await aged(other.pool, rows, ageSeconds);
    say(`held snapshot: ${ageSeconds} s of work beside it`);
    const release = await holdSnapshot(stage.pool);
    try {
      const held = await aged(stage.pool, rows, ageSeconds);
      const inTurn = (rateOf: (place: Place, slice: number) => Promise<number>) =>
        alternate(pairs, (isHeld) => rateOf(isHeld ? held : free, seconds / pairs));
      const batches = await inTurn(({ pool, loops }, slice) => mailsPerSecond(pool, loops.slice(0, 8), 20, slice));
      const singles = await inTurn(({ pool, loops }, slice) => mailsPerSecond(pool, loops, 1, slice));
      const goal = `ratio ≥ 0.8, the median of ${pairs} pairs, the snapshot ${ageSeconds} s old, batches of 20`;
      return {
        heldSnapshot: asFigure(batches, 0.8, goal),
        heldSnapshotSingle: asFigure(singles, 0, 'reported: the same, one by one'),
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

/** A busy machine meets both of a pair alike, and a burst of it a pair or two. */
function asFigure(rates: readonly Pair[], least: number, goal: string): Figure {
  const ratio = 1 - priceOf(rates).median;
  const [value, limit] = [rates.map(({ on }) => on), rates.map(({ off }) => off)].map((each) => percentile(each, 0.5));
  return { value: value ?? 0, limit: limit ?? 0, unit: 'mails/s', ratio, goal, met: ratio >= least };
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
