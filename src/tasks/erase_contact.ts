import type { Task } from 'graphile-worker';
import { z } from 'zod';
import { continueErasure } from '../database/erasure/continue_erasure.ts';
import type { WorkerContext } from '../worker/context.ts';

const payloadSchema = z.object({ erasureId: z.uuid() });

/** Mails at once; each may have some hundred events. */
const chunk = 200;

/** What is left of an erasure, chunk by chunk, each its own transaction. Killed, it begins again and finds what is left. */
export function eraseContact({ db, log }: Pick<WorkerContext, 'db' | 'log'>): Task {
  return async (payload) => {
    const { erasureId } = payloadSchema.parse(payload);
    while (await continueErasure(db, erasureId, chunk));
    log.info({ erasureId }, 'erased a contact');
  };
}
