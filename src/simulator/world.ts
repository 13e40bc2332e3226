// All the simulator's state, and what its routes share.

import type { FaultPlan } from './faults.ts';
import type { Settings } from './options.ts';
import type { SimulatorRecord } from './record.ts';
import type { RequestMemory } from './request_memory.ts';
import type { Webhooks } from './webhooks.ts';

export interface World {
  settings: Settings;
  readonly seed: number;
  readonly record: SimulatorRecord;
  readonly faults: FaultPlan;
  readonly memory: RequestMemory;
  readonly webhooks: Webhooks;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}
