// Kills the server while the provider tells what became of a campaign's mails, again and again, and compares what the provider says was
// acknowledged with what the rows say. Only an answer counts: what was recorded without one comes again and must count once.
import type pg from 'pg';
import { openBenchDatabase } from '../../bench/support/database.ts';
import { type Figure, machine, type Report, say } from '../../bench/support/report.ts';
import { createWebhookSecret } from '../../src/database/webhooks/create_webhook_secret.ts';
import { webhookPath } from '../../src/server/webhooks/paths.ts';
import type { Acknowledged } from '../../src/simulator/acknowledged.ts';
import type { SimulatorClient } from '../../src/simulator/client.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf, one } from '../support/scene.ts';
import { Server } from './server.ts';
import { aStage, type Stage } from './stage.ts';
import { none, reported } from './verdict.ts';

const services = 2;
/** Of each mail: sent, delivered, opened, clicked. */
const eventsOfMail = 4;
const finishWithinMs = 600_000;

export interface WebhookOptions {
  /** Told at least; some are told twice. */
  events: number;
  kills: number;
}

export async function webhooks({ events, kills }: WebhookOptions): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const database = await openBenchDatabase();
  await using server = await Server.at(database.url);
  const stage = await aStage(opened, {
    services,
    intervalMs: 0,
    workers: 1,
    recipients: Math.ceil(events / eventsOfMail),
    answerDelayMs: [0, 5],
    database,
    prepare: (pool, made) => tellTo(pool, server.url, made.services, made.simulator.client),
  });
  const told = tellings(stage.simulator.client);
  for (let number = 1; number <= kills; number += 1) {
    // Spread over all that is told, so that each kill meets events on their way.
    await eventually(told, ({ length }) => length >= (number * events) / (kills + 1), finishWithinMs);
    await server.kill();
    say(`kill ${number} of ${kills}: ${(await told()).length} acknowledged`);
  }
  await stage.finished();
  await stage.simulator.client.drain();
  await eventually(
    () => backlog(stage.pool),
    (bodies) => bodies === 0,
    finishWithinMs,
  );
  return { machine: machine(stage.facts), figures: await figures(stage, { events, kills }, await told()) };
}

/** Has the provider post the events of each service to its secret path, and not give up before the last kill is over. */
async function tellTo(
  pool: pg.Pool,
  url: string,
  ids: Record<string, string>,
  simulator: SimulatorClient,
): Promise<void> {
  const urlByApiUser: Record<string, string> = {};
  for (const [name, id] of Object.entries(ids))
    urlByApiUser[name] = url + webhookPath('engagelab', await createWebhookSecret(pool, id, null));
  await simulator.configure({
    recipients: { opens: 1, clicks: 1 },
    webhooks: { urlByApiUser, delayMs: [0, 500], retries: 14, retryDelayMs: 50, duplicates: 0.1, keepRecord: true },
  });
}

/** All that was acknowledged so far, asked for bit by bit. */
function tellings(simulator: SimulatorClient): () => Promise<readonly Acknowledged[]> {
  const seen: Acknowledged[] = [];
  return async () => {
    for await (const event of simulator.acknowledged(seen.length)) seen.push(event);
    return seen;
  };
}

async function figures(
  { pool, taskId, simulator }: Stage,
  { events, kills }: WebhookOptions,
  told: readonly Acknowledged[],
): Promise<Record<string, Figure>> {
  const distinct = [...new Map(told.map((event) => [Object.values({ ...event, attempts: 0 }).join(), event])).values()];
  const applied = await appliedAmong(pool, distinct);
  const { webhooks } = await simulator.client.summary();
  return {
    kills: reported(kills),
    acknowledged: { value: distinct.length, unit: 'events', goal: `≥ ${events}`, met: distinct.length >= events },
    applied: { value: applied, unit: 'events', goal: 'all that were acknowledged', met: applied === distinct.length },
    lost: none(distinct.length - applied),
    statsDrift: none(await driftOf(pool, taskId)),
    countedTwice: none(await countedTwice(pool)),
    postedAgain: reported(webhooks.retried),
    mostAttempts: reported(Math.max(0, ...told.map(({ attempts }) => attempts))),
    givenUp: none(webhooks.failed),
  };
}

/** How many of these events are on record for their SubTask, which says so itself where it has a time for it. */
function appliedAmong(pool: pg.Pool, events: readonly Acknowledged[]): Promise<number> {
  return one(
    pool,
    `select count(*)::integer
       from unnest($1::uuid[], $2::text[], $3::bigint[]) as told (sub_task_id, kind, ms)
       join app_public.sub_tasks s on s.id = told.sub_task_id,
            lateral (select timestamptz 'epoch' + told.ms * interval '1 ms' as at) as happened
      where exists (select from app_public.mail_events e
                     where e.sub_task_id = told.sub_task_id and e.kind::text = told.kind and e.occurred_at = happened.at)
        and case told.kind when 'delivered' then s.delivered_at <= happened.at
                           when 'open' then s.opened_at <= happened.at
                           when 'click' then s.clicked_at <= happened.at
                           else s.sent_at is not null end`,
    [
      events.map(({ subTaskId }) => subTaskId),
      events.map(({ kind }) => kind),
      events.map(({ occurredAt }) => occurredAt),
    ],
  );
}

/** Opens and clicks beyond the one of each that every mail had. */
function countedTwice(pool: pg.Pool): Promise<number> {
  return one(
    pool,
    `select coalesce(sum(greatest(open_count - 1, 0) + greatest(click_count - 1, 0)), 0)::integer from app_public.sub_tasks`,
  );
}

function backlog(pool: pg.Pool): Promise<number> {
  return one(pool, 'select app_public.inbox_backlog()');
}
