import type { PgExecutor, WithPgClient } from 'postgraphile/@dataplan/pg';
import { constant, context, type GrafastSubscriber, lambda, listen, type Step } from 'postgraphile/grafast';
import { Fault } from '../../errors.ts';
import { drained } from './flow.ts';
import { type Ended, type Looking, Subscription, unlessEnded } from './subscription.ts';

/** Reads as the caller, under row-level security. @returns the rows */
export type Read = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>;

/** What a subscription is about. */
export interface Subject<T> {
  /** The channel of its NOTIFY. */
  readonly topic: string;
  /** See Looking. */
  readonly look: Looking<T>['look'];
}

type Settings = Record<string, string | undefined> | null;

/**
 * The stream of a subscription. Who may not see its subject is refused before anything is listened to, and the same look, at each event, ends
 * the subscription of whoever may not any more.
 * @param subjectOf is called once a subscription, with the raw value of $args
 */
export function hear<A, T>(executor: PgExecutor, $args: Step<A>, subjectOf: (read: Read, args: A) => Subject<T>) {
  const $subscriber = lambda(
    [executor.context(), context().get('listener'), context().get('clientSocket'), $args] as const,
    ([{ withPgClient, pgSettings }, listener, socket, args]): GrafastSubscriber<Record<string, T | Ended>> => ({
      async subscribe() {
        refuseAnonymous(pgSettings);
        const { topic, look } = subjectOf(readerOf(withPgClient, pgSettings), args);
        await look(null);
        return new Subscription(await listener.subscribe(topic), { look, ready: () => drained(socket ?? null) });
      },
    }),
  );
  return listen($subscriber, constant('its own'));
}

function readerOf(withPgClient: WithPgClient, settings: Settings): Read {
  return async (text, values) =>
    (await withPgClient(settings, (client) => client.query({ text, values: [...values] }))).rows;
}

function refuseAnonymous(settings: Settings): void {
  const role = settings?.['role'];
  if (role === undefined || role === 'postilion_visitor') throw new Fault('AUTHN', 'sign in to listen');
}

/** The plan of each answer: what was seen, or why the subscription is over. */
export function told<T>($answer: Step<T | Ended>): Step<T> {
  return lambda($answer, unlessEnded<T>);
}
