// Stage 1: a scheduled Task becomes pending SubTasks. The database keeps the snapshot of recipients as batches and deletes each in the
// transaction that inserts its rows, so this may be killed at any moment, and run twice at once: what is done is done, the rest goes on.
import type { Task } from 'graphile-worker';
import { z } from 'zod';
import { failGeneration } from '../database/generation/fail_generation.ts';
import { finishGeneration } from '../database/generation/finish_generation.ts';
import { generationPlan } from '../database/generation/generation_plan.ts';
import { insertBatch } from '../database/generation/insert_batch.ts';
import { readBatch } from '../database/generation/read_batch.ts';
import { startGeneration } from '../database/generation/start_generation.ts';
import { unknownAttributes } from '../database/generation/unknown_attributes.ts';
import { TemplateError } from '../rendering/errors.ts';
import type { WorkerContext } from '../worker/context.ts';
import { Mailing, UnknownVariable } from './mailing.ts';

const payloadSchema = z.object({ taskId: z.uuid() });

/** Below this many rows a statement's fixed cost shows. */
const smallestBatch = 250;

export type GenerationContext = Pick<WorkerContext, 'db' | 'config' | 'secret' | 'log' | 'stopping'>;

export function generateSubTasks(context: GenerationContext): Task {
  return async (payload, { addJob }) => {
    const { taskId } = payloadSchema.parse(payload);
    if (await generateTask(context, taskId)) return;
    // Not by throwing: a job that fails waits eⁿ seconds.
    await addJob('generate_sub_tasks', { taskId }, { jobKey: `generate:${taskId}`, maxAttempts: 32_767 });
  };
}

/** Does what is left of a due Task's generation. @returns false when the process was asked to end before it was done. Throws when the Task is not due yet. */
export async function generateTask(context: GenerationContext, taskId: string): Promise<boolean> {
  const status = await startGeneration(context.db, taskId, Math.max(context.config.QUEUE_BATCH_SIZE, smallestBatch));
  if (status === 'scheduled') throw new Error(`task ${taskId} is not due yet`);
  return status !== 'generating' || (await generate(context, taskId));
}

async function generate(context: GenerationContext, taskId: string): Promise<boolean> {
  const mailing = await prepare(context, taskId);
  if (mailing === null) return true;
  const rows = await insertAll(context, taskId, mailing);
  const finished = await finishGeneration(context.db, taskId);
  if (finished) context.log.info({ taskId, rows }, 'generated a task');
  return finished || !context.stopping.aborted;
}

/** Compiles the templates and checks what they refer to. @returns null when the Task can't be generated; it has failed with the reason. */
async function prepare(context: GenerationContext, taskId: string): Promise<Mailing | null> {
  const plan = await generationPlan(context.db, taskId);
  try {
    const mailing = new Mailing(plan, context.config, context.secret.tracking);
    mailing.requireKnown(await unknownAttributes(context.db, taskId, mailing.attributes()));
    return mailing;
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof UnknownVariable)) throw error;
    context.log.warn({ taskId, err: error }, 'a task can not be generated');
    await failGeneration(context.db, taskId, 'template', error.message);
    return null;
  }
}

/** While one batch is being inserted the next is read and rendered; three in memory, however many recipients. @returns rows inserted by this run. */
async function insertAll(context: GenerationContext, taskId: string, mailing: Mailing): Promise<number> {
  let inserted = 0;
  let inserting: Promise<unknown> = Promise.resolve();
  let reading = readBatch(context.db, taskId, -1);
  for (let batch = await reading; batch !== null && !context.stopping.aborted; batch = await reading) {
    reading = readBatch(context.db, taskId, batch.number);
    // Awaited below; a rejection meanwhile must not count as unhandled.
    reading.catch(() => {});
    const rows = batch.contacts.map((contact) => mailing.render(contact));
    await inserting;
    inserting = insertBatch(context.db, taskId, batch.number, rows);
    inserting.catch(() => {});
    inserted += rows.length;
  }
  await inserting;
  return inserted;
}
