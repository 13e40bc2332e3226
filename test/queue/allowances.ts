// What tests of lanes, warm-up, rate and preference set up and ask.
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { type Claim, claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { takeLoop } from '../../src/database/queue/take_loop.ts';
import { type Claimed, clockForward, one } from '../support/scene.ts';

/**
 * Has the queue's clock stand still, in this transaction, but for clockForward: what is asked within a second, or before midnight, is so on a
 * slow machine too.
 */
export async function stopClock(db: Queryable): Promise<void> {
  await db.query(
    `create or replace function app_hidden.current_time() returns timestamptz language sql stable
     as $$ select transaction_timestamp() + coalesce(nullif(current_setting('postilion.clock_offset', true), ''), '0')::interval $$`,
  );
}

/** A lane of one domain. */
export async function aLane(db: Queryable, name: string, domain: string): Promise<void> {
  await db.query('insert into app_public.lanes values ($1)', [name]);
  await db.query('insert into app_public.lane_domains (lane, domain) values ($1, $2)', [name, domain]);
}

export async function aCap(db: Queryable, serviceId: string, lane: string, dailyCap: number): Promise<void> {
  await db.query('insert into app_public.email_service_caps (email_service_id, lane, daily_cap) values ($1, $2, $3)', [
    serviceId,
    lane,
    dailyCap,
  ]);
}

/** How many mails of a service were counted into a lane on the latest day it counted. */
export function usedOf(db: Queryable, serviceId: string, lane: string): Promise<number> {
  return one(db, 'select used from app_public.email_service_caps where email_service_id = $1 and lane = $2', [
    serviceId,
    lane,
  ]);
}

/** The curve begins on the service's day of now. */
export async function aWarmUp(db: Queryable, serviceId: string, caps: Record<number, number>): Promise<void> {
  await db.query(
    `update app_public.email_services
        set warm_up_started_on = (app_hidden.current_time() at time zone timezone)::date where id = $1`,
    [serviceId],
  );
  await db.query(
    `insert into app_public.email_service_warm_up
     select $1, key::integer, value::integer from jsonb_each_text($2)`,
    [serviceId, JSON.stringify(caps)],
  );
}

/** Takes the loop of a service; answers with a function that claims in it. */
export async function aLoop(db: Queryable, serviceId: string): Promise<(limit?: number) => Promise<Claim>> {
  const token = await takeLoop(db, serviceId, 'pool-test');
  if (token === null) throw new Error('another loop is alive');
  return (limit = 1) => claimSubTasks(db, serviceId, token, limit);
}

export function claimed(claim: Claim): Claimed {
  if (claim.outcome !== 'claimed') throw new Error(`nothing was claimed: ${claim.outcome}`);
  return claim;
}

/** Begins what was claimed and records one answer for all of it. */
export async function answer(
  db: Queryable,
  serviceId: string,
  claim: Claimed,
  kind: SendResult['kind'] = 'accepted',
): Promise<void> {
  const { mails } = await beginSends(db, claim.claimToken, claim.subTaskIds);
  if (mails.length !== claim.subTaskIds.length) throw new Error('not all were begun');
  const result = {
    kind,
    messageId: null,
    code: null,
    message: null,
    response: null,
    roundTripMs: 1,
    retryAfterMs: null,
  };
  await completeSends(
    db,
    serviceId,
    claim.claimToken,
    claim.subTaskIds.map((id) => ({ ...result, id })),
  );
}

/** Claims and has accepted as much as a service gives out, until it has no more; answers with how many that were. */
export async function sendAll(
  db: Queryable,
  serviceId: string,
  claim: (limit?: number) => Promise<Claim>,
): Promise<number> {
  let sent = 0;
  for (;;) {
    const next = await claim(100);
    if (next.outcome !== 'claimed') return sent;
    sent += next.subTaskIds.length;
    await answer(db, serviceId, next);
  }
}

/** Which lanes these rows are in, in order of the rows' waiting. */
export async function lanesOf(db: Queryable, ids: string[]): Promise<string[]> {
  const { rows } = await db.query<{ lane: string }>(
    'select lane from app_public.sub_tasks where id = any ($1) order by position',
    [ids],
  );
  return rows.map(({ lane }) => lane);
}

/** Milliseconds until the quota of a service is renewed, by the queue's clock. */
export function msUntilMidnight(db: Queryable, serviceId: string): Promise<number> {
  return one(
    db,
    `select app_hidden.ms_until(app_hidden.quota_renews_at(s, app_hidden.current_time()), app_hidden.current_time())
       from app_public.email_services s where id = $1`,
    [serviceId],
  );
}

/** Moves the queue's clock to `seconds` after the service's next midnight. */
export async function pastMidnight(db: Queryable, serviceId: string, seconds = 1): Promise<void> {
  await clockForward(db, `${(await msUntilMidnight(db, serviceId)) + seconds * 1_000} ms`);
}
