// One mail to its provider, and once more when nobody knows what became of it, where that can't double it.
import type { SendResult } from '../database/queue/complete_sends.ts';
import type { ServiceMeter } from '../metrics/send_meters.ts';
import type { Mail, Outcome } from '../providers/provider.ts';
import type { Lease } from './lease.ts';
import { waitUntil } from './pace.ts';
import type { Unusable } from './report_unusable.ts';
import { notSent, toResult } from './send_result.ts';
import type { OpenAccount } from './sender_cache.ts';

/** Before the first repeat, the second and the third. */
const repeatAfterMs = [250, 1_000, 4_000];
/** Later repeats would be refused, see begin_repeat; to wait for one is in vain. */
const repeatWithinMs = 45 * 60_000;

export interface Passage {
  readonly account: OpenAccount;
  readonly lease: Lease;
  /** Asks the database, which extends the lease. */
  readonly beginRepeat: (id: string) => Promise<'now' | 'later' | 'never'>;
  /** Told of an answer that blames the service. */
  readonly onUnusable: (outcome: Unusable) => void;
  /** Aborted: what is still unknown stays so. */
  readonly stopping: AbortSignal;
  /** Absent: nothing is measured. */
  readonly meter?: ServiceMeter | undefined;
}

interface Answer {
  readonly outcome: Outcome;
  readonly roundTripMs: number;
}

/** Never throws. */
export async function sendMail(mail: Mail, passage: Passage): Promise<SendResult> {
  const { account, lease } = passage;
  const now = performance.now();
  if (!lease.mayWrite(mail.subTaskId, now)) return notSent(mail.subTaskId);
  const first = await ask(passage, mail, now);
  const isOpen = first.outcome.kind === 'unknown' && account.repeatsAreIdempotent;
  const { outcome, roundTripMs } = isOpen ? await askAgain(first, mail, passage) : first;
  lease.answered(mail.subTaskId);
  if (outcome.kind === 'unusable') passage.onUnusable(outcome);
  return toResult(mail.subTaskId, outcome, roundTripMs);
}

// A provider answers, it doesn't throw; should it, nobody knows how far it had come.
async function ask({ account, meter }: Passage, mail: Mail, startedAt: number): Promise<Answer> {
  meter?.writes(startedAt, account);
  const outcome = await account.sender.send(mail, account.timeoutMs, startedAt).catch(thrown);
  meter?.answered(startedAt, account);
  return { outcome, roundTripMs: performance.now() - startedAt };
}

function thrown(error: unknown): Outcome {
  return { kind: 'unknown', code: 'driver', message: error instanceof Error ? error.message : String(error) };
}

// "Not now" to a repeat says nothing of the first attempt, which may have been taken: only a word on the mail itself ends the doubt.
async function askAgain(first: Answer, mail: Mail, passage: Passage): Promise<Answer> {
  const { account, lease, beginRepeat, stopping } = passage;
  const giveUpAt = performance.now() + repeatWithinMs;
  let askedToWaitMs = 0;
  for (const delayMs of repeatAfterMs) {
    const at = performance.now() + Math.max(delayMs, account.intervalMs, askedToWaitMs);
    if (at > giveUpAt || !(await waitUntil(at, stopping))) break;
    const permission = await beginRepeat(mail.subTaskId);
    if (permission === 'later') continue;
    const now = performance.now();
    if (permission === 'never' || !lease.mayWrite(mail.subTaskId, now)) break;
    const answer = await ask(passage, mail, now);
    if (answer.outcome.kind === 'accepted' || answer.outcome.kind === 'refused') return answer;
    askedToWaitMs = answer.outcome.kind === 'deferred' ? (answer.outcome.retryAfterMs ?? 0) : 0;
  }
  return first;
}
