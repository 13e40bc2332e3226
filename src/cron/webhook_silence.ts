import type { Task } from 'graphile-worker';
import type { WorkerContext } from '../worker/context.ts';
import { look } from './queue_health.ts';

/** Looks for services that send and are not heard of. */
export function webhookSilence(context: Pick<WorkerContext, 'db' | 'log'>): Task {
  return () => look(context, 'webhook_silence');
}
