// Asks providers for what became of mails in doubt. The crontab gives this one queue, so one run at a time exists anywhere; within it each
// account is asked at its own pace, all of its services together. No transaction is open while a provider is asked.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from 'graphile-worker';
import { settleByLookUp } from '../database/queue/settle_by_look_up.ts';
import { type Doubt, takeLookUps } from '../database/queue/take_look_ups.ts';
import type { LookUp } from '../providers/provider.ts';
import type { WorkerContext } from '../worker/context.ts';

/** Uncertain SubTasks of one service in one run. */
const limit = 10_000;
const minuteMs = 60_000;

export type LookUpContext = Pick<WorkerContext, 'db' | 'senders' | 'log' | 'stopping'>;

/** Waits so many milliseconds; rejects when the process is asked to end. */
export type Wait = (ms: number) => Promise<unknown>;

export function lookUpUncertain(context: LookUpContext): Task {
  return () => lookUpAll(context, (ms) => sleep(ms, undefined, { signal: context.stopping }));
}

export async function lookUpAll(context: LookUpContext, wait: Wait): Promise<void> {
  const accounts = await accountsOf(context, await takeLookUps(context.db, limit));
  await Promise.all(accounts.map((account) => lookUpOne(context, account, wait)));
}

interface AccountInDoubt {
  readonly lookUp: LookUp;
  readonly timeoutMs: number;
  readonly doubts: Doubt[];
}

/** The accounts that can be asked, each with the doubts of all services that share it. */
async function accountsOf(context: LookUpContext, doubts: Doubt[]): Promise<AccountInDoubt[]> {
  const accounts = new Map<string, AccountInDoubt>();
  for (const [serviceId, ofService] of Map.groupBy(doubts, (doubt) => doubt.serviceId)) {
    const opened = await openOrTell(context, serviceId);
    if (opened?.sender.lookUp === undefined) continue;
    const { lookUp } = opened.sender;
    const known = accounts.get(lookUp.account);
    if (known === undefined) accounts.set(lookUp.account, { lookUp, timeoutMs: opened.timeoutMs, doubts: ofService });
    else known.doubts.push(...ofService);
  }
  return [...accounts.values()];
}

// A service that can't be opened must not keep the others from being looked up.
async function openOrTell({ db, senders, log }: LookUpContext, serviceId: string) {
  try {
    return await senders.open(db, serviceId);
  } catch (error) {
    log.warn({ serviceId, err: error }, 'a service can not be looked up');
    return null;
  }
}

async function lookUpOne(context: LookUpContext, account: AccountInDoubt, wait: Wait): Promise<void> {
  const { lookUp, doubts, timeoutMs } = account;
  try {
    const taken = await lookUp.find({
      recipients: new Set(doubts.map(({ recipient }) => recipient)),
      periods: doubts,
      timeoutMs,
      // Before the first one too: an earlier run may have asked a moment ago.
      beforeCall: async () => {
        await wait(minuteMs / lookUp.callsPerMinute);
      },
    });
    const ids = doubts.map(({ subTaskId }) => subTaskId);
    const settled = await settleByLookUp(context.db, ids, taken);
    context.log.info(
      { account: lookUp.account, uncertain: ids.length, settled: settled.length },
      'looked up mails in doubt',
    );
  } catch (error) {
    if (context.stopping.aborted) return;
    context.log.warn(
      { account: lookUp.account, err: error },
      'a provider could not be asked; it is tried again in 10 minutes',
    );
  }
}
