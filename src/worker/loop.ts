// What the turns of a service's loop share, whether it is paced or rated.
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../database/error_code.ts';
import { markSending } from '../database/queue/mark_sending.ts';
import type { ClaimHint } from './claim_hint.ts';
import type { WorkerContext } from './context.ts';
import type { Traffic } from './traffic.ts';

/** A wait up to this long is waited out in the loop; a longer one is a job of its own. Above the head start that wake_service gives (1.2 s). */
const windowMs = 2_000;
/** While new work may turn up during a wait, ask this often. */
export const askAgainMs = 250;
/** What was locked for a moment is free again. */
export const busyMs = 20;

export interface Loop {
  readonly context: WorkerContext;
  readonly serviceId: string;
  readonly token: string;
  readonly traffic: Traffic;
  readonly hint: ClaimHint;
  /** The token of an exchange that got no answer. */
  unanswered: string | null;
}

export function isSoon(waitMs: number | null): waitMs is number {
  return waitMs !== null && waitMs <= windowMs;
}

export async function pause(context: WorkerContext, ms: number): Promise<true> {
  if (ms > 0) await sleep(ms, undefined, { signal: context.stopping }).catch(() => {});
  return true;
}

export function isLocked(error: unknown): boolean {
  return codeOf(error) === '55P03';
}

const tasksKnownSending = new Set<string>();

/** Once a Task and process: the Task's row stays out of the way of every further mail. */
export async function noteFirstMail(context: WorkerContext, taskId: string): Promise<void> {
  if (tasksKnownSending.has(taskId)) return;
  await markSending(context.db, taskId);
  if (tasksKnownSending.size > 10_000) tasksKnownSending.clear();
  tasksKnownSending.add(taskId);
}
