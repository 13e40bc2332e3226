import type { Task } from 'graphile-worker';
import { z } from 'zod';
import type { WorkerContext } from '../worker/context.ts';
import { runServiceLoop } from '../worker/service_loop.ts';

const payloadSchema = z.object({ serviceId: z.uuid() });

/** Stage 2, for one service. Added by app_private.wake_service alone, one row per service. */
export function send(context: WorkerContext): Task {
  return async (payload) => {
    const { serviceId } = payloadSchema.parse(payload);
    await runServiceLoop(context, serviceId);
  };
}
