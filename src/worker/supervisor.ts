// A small parent that holds nothing which could be lost: it keeps one process per runner alive, gives up those that died, and sweeps.
import type { Config } from '../config.ts';
import { announceChanges } from '../database/live/announce_changes.ts';
import { readGauges } from '../database/metrics/read_gauges.ts';
import { createPool } from '../database/pool.ts';
import { poolsOfHost } from '../database/pools/pools_of_host.ts';
import { releasePool } from '../database/pools/release_pool.ts';
import { databaseHindrance } from '../database/readiness.ts';
import { countEnabledServices } from '../database/services/count_enabled_services.ts';
import { foldCounters } from '../database/statistics/fold_counters.ts';
import type { Logger } from '../log.ts';
import type { Exposition } from '../metrics/exposition.ts';
import { measureWorker } from '../metrics/worker_meters.ts';
import { RunnerChild } from './child.ts';
import { hostKey, isAlive } from './host.ts';
import { repeat } from './repeat.ts';
import { RollCall } from './roll_call.ts';
import { sweep } from './sweep.ts';

export interface SupervisorOptions {
  /** Of the database, as its owner. */
  readonly url: string;
  readonly log: Logger;
  /** Replaces keys of the environment for the runners. */
  readonly environment?: Partial<Record<keyof Config, string>>;
  /** Further arguments of node for the runners: a profile, or a module to load first, such as one that adds a provider. */
  readonly nodeArguments?: readonly string[];
  /** Where it measures, its runners too. Absent: nothing is measured. */
  readonly metrics?: Exposition | undefined;
}

export interface Supervisor {
  /** Resolves when both runners take jobs. */
  readonly ready: Promise<void>;
  /** Why it does not do its work; null: it does. */
  hindrance(): Promise<string | null>;
  /** Process ids of the runners that live now. */
  pids(): number[];
  /** Ends cleanly: nothing new is begun, what is under way is finished within 8 s, the rest is given back. */
  stop(): Promise<void>;
}

/** More slots than enabled services: a loop that waits for its pace holds one. */
const spareSlots = 10;

/** Starts the runners on a migrated database. */
export function startSupervisor({
  url,
  log,
  environment = {},
  nodeArguments = [],
  metrics,
}: SupervisorOptions): Supervisor {
  const db = createPool({
    connectionString: url,
    role: 'postilion_worker',
    applicationName: 'postilion supervisor',
    max: 2,
  });
  const env = { ...environment, DATABASE_URL: url };
  const onDeath = (poolId: string) => releasePool(db, poolId, true, 'its process ended');
  const common = { environment: env, nodeArguments, log, onDeath, isMeasured: metrics !== undefined };
  const send = new RunnerChild({ kind: 'send', slots: 2 * spareSlots, ...common });
  const other = new RunnerChild({ kind: 'other', slots: 4, ...common });
  const children = [send, other];
  const meters = metrics && measureWorker(metrics, children, () => readGauges(db));

  const roll = new RollCall(db, log, meters?.called);
  const timers = [
    repeat(1_000, () => foldCounters(db), log),
    repeat(1_000, () => announceChanges(db), log),
    repeat(2_000, () => releaseDead(), log),
    repeat(5_000, () => sweep(db, log, meters?.leases), log),
    repeat(2_000, () => makeRoom(), log),
    repeat(10_000, () => roll.call(), log),
  ];

  // A neighbour, or an earlier run of ours, that was killed with its supervisor: nobody else on this host will say so.
  async function releaseDead(): Promise<void> {
    for (const { id, pid } of await poolsOfHost(db, hostKey)) {
      if (isAlive(pid)) continue;
      log.warn({ pool: id, pid }, 'a worker is dead; its leases are settled');
      await releasePool(db, id, true, 'its process is gone');
    }
  }

  // The number of slots is fixed when a runner starts.
  async function makeRoom(): Promise<void> {
    const needed = (await countEnabledServices(db)) + spareSlots;
    if (needed > send.slots) await send.replace(needed + spareSlots);
  }

  return {
    ready: Promise.all(children.map((child) => child.ready)).then(() => {}),
    async hindrance() {
      const idle = children.filter(({ isReady }) => !isReady).map(({ kind }) => kind);
      return idle.length > 0 ? `a runner takes no jobs: ${idle.join(', ')}` : databaseHindrance(db);
    },
    pids: () => children.flatMap((child) => child.pid ?? []),
    async stop() {
      await Promise.all(timers.map((timer) => timer.stop()));
      await Promise.all(children.map((child) => child.stop()));
      await foldCounters(db).catch(() => {});
      await db.end();
    },
  };
}
