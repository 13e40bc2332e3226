import type { Pool } from 'pg';
import type { Config } from '../config.ts';
import type { Secret } from '../database/secret.ts';
import type { Logger } from '../log.ts';
import type { RunnerMeters } from '../metrics/runner_meters.ts';
import type { FileCache } from './file_cache.ts';
import type { Frontier } from './frontier.ts';
import type { SenderCache } from './sender_cache.ts';

/** What every job of a runner shares. */
export interface WorkerContext {
  readonly db: Pool;
  readonly config: Config;
  readonly secret: Secret;
  readonly senders: SenderCache;
  readonly files: FileCache;
  readonly frontier: Frontier;
  readonly log: Logger;
  /** This process as graphile-worker knows it: claims and loops are made in its name. */
  readonly poolId: () => string;
  /** Origin of the tracking links of services without one of their own. */
  readonly trackingOrigin: string;
  /** Aborted when the process is asked to end: nothing new is begun. */
  readonly stopping: AbortSignal;
  /** Absent: nothing is measured. */
  readonly meters?: RunnerMeters | undefined;
}
