// The time of a claim in several databases, in turn: a machine changes more in a minute than what is asked for may cost.
import type pg from 'pg';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { percentile } from '../support/percentile.ts';
import { accepted, type Loop } from './loops.ts';

const warmUp = 50;
const measured = 300;

interface Place {
  readonly pool: pg.Pool;
  readonly loop: Loop;
}

/** The middle of 300 claims of one row in each place, in ms. */
export async function claimMs<Name extends string>(
  places: Readonly<Record<Name, Place>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(places) as Name[];
  await using clients = new AsyncDisposableStack();
  const stands: { name: Name; client: pg.PoolClient; loop: Loop; taken: number[] }[] = [];
  for (const name of names) {
    const client = await places[name].pool.connect();
    clients.defer(() => client.release());
    stands.push({ name, client, loop: places[name].loop, taken: [] });
  }
  for (let n = 0; n < warmUp + measured; n += 1)
    for (const { client, loop, taken } of stands) taken.push(await claimOne(client, loop));
  const middles = stands.map(({ name, taken }) => [name, percentile(taken.slice(warmUp), 0.5)] as const);
  return Object.fromEntries(middles) as Record<Name, number>;
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
