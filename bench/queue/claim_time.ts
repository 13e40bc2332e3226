import type pg from 'pg';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { percentile } from '../support/percentile.ts';
import { accepted, type Loop } from './loops.ts';

const warmUp = 50;
const measured = 300;

/** The middle of 300 claims of one row, in ms. */
export async function claimMs(pool: pg.Pool, loop: Loop): Promise<number> {
  const client = await pool.connect();
  try {
    const taken: number[] = [];
    for (let n = 0; n < warmUp + measured; n += 1) taken.push(await claimOne(client, loop));
    return percentile(taken.slice(warmUp), 0.5);
  } finally {
    client.release();
  }
}

async function claimOne(client: pg.PoolClient, { serviceId, loopToken }: Loop): Promise<number> {
  const startedAt = performance.now();
  const claim = await claimSubTasks(client, serviceId, loopToken, 1);
  const ms = performance.now() - startedAt;
  if (claim.outcome !== 'claimed') throw new Error(`nothing was claimed: ${claim.outcome}`);
  await beginSends(client, claim.claimToken, claim.subTaskIds);
  await completeSends(client, serviceId, claim.claimToken, claim.subTaskIds.map(accepted));
  return ms;
}
