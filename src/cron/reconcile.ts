// Asks providers what became of mails they took and that nothing was heard of, and records their answers as if they had told us: webhooks are
// lost, in some hours half of them. The crontab gives this the queue of look_up_uncertain, so that the two never ask at once: they share an
// account's limit. A run is short, so that neither keeps the other waiting. No transaction is open while a provider is asked.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from 'graphile-worker';
import { wakeApplyEvents } from '../database/events/wake_apply_events.ts';
import { finishUnheard } from '../database/reconciliation/finish_unheard.ts';
import { recordAnswer } from '../database/reconciliation/record_answer.ts';
import { servicesToReconcile } from '../database/reconciliation/services_to_reconcile.ts';
import { takeUnheard, type Unheard } from '../database/reconciliation/take_unheard.ts';
import type { LookUp } from '../providers/provider.ts';
import type { WorkerContext } from '../worker/context.ts';

/** Webhooks come within seconds; an hour later one is late or lost. What the record did not know then, it is asked once more a day later. */
const ages = ['1 hour', '1 day'];
const mailsAtOnce = 200;
/** Mails of an account in one run, by the ids a call may name at least: some 45 seconds. */
const mailsInARun = 900;
const minuteMs = 60_000;

export type ReconcileContext = Pick<WorkerContext, 'db' | 'senders' | 'log' | 'stopping'>;

/** Waits so many milliseconds; rejects when the process is asked to end. */
export type Wait = (ms: number) => Promise<unknown>;

export function reconcile(context: ReconcileContext): Task {
  return () => reconcileAll(context, (ms) => sleep(ms, undefined, { signal: context.stopping }));
}

export async function reconcileAll(context: ReconcileContext, wait: Wait): Promise<void> {
  await Promise.all((await accountsOf(context)).map((account) => reconcileAccount(context, account, wait)));
}

interface Account {
  readonly lookUp: LookUp;
  readonly timeoutMs: number;
  readonly serviceIds: string[];
}

/** The accounts that can be asked, each with all services that share it. */
async function accountsOf(context: ReconcileContext): Promise<Account[]> {
  const accounts = new Map<string, Account>();
  for (const serviceId of await servicesToReconcile(context.db)) {
    const opened = await openOrTell(context, serviceId);
    if (opened?.sender.lookUp === undefined) continue;
    const { lookUp } = opened.sender;
    const known = accounts.get(lookUp.account);
    if (known === undefined)
      accounts.set(lookUp.account, { lookUp, timeoutMs: opened.timeoutMs, serviceIds: [serviceId] });
    else known.serviceIds.push(serviceId);
  }
  return [...accounts.values()];
}

// A service that can't be opened must not keep the others from being asked about.
async function openOrTell({ db, senders, log }: ReconcileContext, serviceId: string) {
  try {
    return await senders.open(db, serviceId);
  } catch (error) {
    log.warn({ serviceId, err: error }, 'a service can not be asked what became of its mails');
    return null;
  }
}

async function reconcileAccount(context: ReconcileContext, account: Account, wait: Wait): Promise<void> {
  const done = { asked: 0, answers: 0 };
  try {
    for (const serviceId of account.serviceIds)
      for (const age of ages) await walk(context, account, { serviceId, age }, done, wait);
  } catch (error) {
    if (!context.stopping.aborted)
      context.log.warn(
        { account: account.lookUp.account, err: error },
        'a provider could not be asked; it is tried again',
      );
  }
  if (done.answers > 0) await wakeApplyEvents(context.db);
  if (done.asked > 0) context.log.info({ account: account.lookUp.account, ...done }, 'asked what became of mails');
}

interface Walk {
  readonly serviceId: string;
  readonly age: string;
}

/** Along the ledger, stretch by stretch. One is finished when all its answers are recorded: who dies before asks again, which counts once. */
async function walk(
  { db, stopping }: ReconcileContext,
  account: Account,
  { serviceId, age }: Walk,
  done: { asked: number; answers: number },
  wait: Wait,
): Promise<void> {
  while (done.asked < mailsInARun && !stopping.aborted) {
    const unheard = await takeUnheard(db, serviceId, age, mailsAtOnce);
    if (unheard === null) return;
    done.answers += await ask(db, account, { serviceId, unheard }, wait);
    done.asked += unheard.mails.length;
    await finishUnheard(db, serviceId, age, unheard.position);
  }
}

async function ask(
  db: ReconcileContext['db'],
  { lookUp, timeoutMs }: Account,
  { serviceId, unheard: { mails } }: { serviceId: string; unheard: Unheard },
  wait: Wait,
): Promise<number> {
  // Before the first one too: an earlier run may have asked a moment ago.
  const beforeCall = async () => {
    await wait(minuteMs / lookUp.callsPerMinute);
  };
  let answers = 0;
  for await (const body of lookUp.statuses({ mails, timeoutMs, beforeCall })) {
    await recordAnswer(db, serviceId, lookUp.source, body);
    answers++;
  }
  return answers;
}
