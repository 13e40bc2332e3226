// The addresses that providers post to.
import type Koa from 'koa';
import Router, { type RouterContext } from 'koa-router';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { findWebhookDoors } from '../../database/webhooks/find_webhook_doors.ts';
import type { Circumstances } from '../../providers/webhook_source.ts';
import type { Intake } from '../intake.ts';
import { answerToCheck, type CheckAnswer } from './address_check.ts';
import { AfterAnswers } from './after_answers.ts';
import { ByteBudget } from './byte_budget.ts';
import { Doors } from './doors.ts';
import { answerFailure } from './failure.ts';
import { type BodyLimits, IncomingBody } from './incoming_body.ts';
import { openName, type Place, placeOf, root } from './place.ts';
import { type Desk, takeIn } from './take_in.ts';

/** For what sources ask of others: whoever waits for our answer does not wait longer. */
const fetchMs = 5_000;
/** Of all requests in progress, some of which may never end. */
const maxBytesInProgress = 64_000_000;

export interface WebhookOptions {
  readonly config: Pick<Config, 'WEBHOOK_ALLOW_UNSIGNED' | 'WEBHOOK_MAX_BYTES'>;
  /** They open signing secrets. */
  readonly encryptionKeys: readonly Buffer[];
  readonly fetch: typeof fetch;
  readonly log: Logger;
}

interface Counter extends Desk {
  readonly limits: BodyLimits;
  readonly after: AfterAnswers;
}

/** @returns what waits for the work that is still under way after its answer */
export function installWebhooks(app: Koa, intake: Intake, options: WebhookOptions): () => Promise<void> {
  const counter = openCounter(intake, options);
  const router = new Router({ prefix: root });
  for (const path of [`/${openName}`, '/:source/:secret']) {
    router.get(path, check);
    router.post(path, (ctx) => receive(ctx, counter));
  }
  app.use(router.routes());
  return () => counter.after.idle();
}

function openCounter(intake: Intake, { config, encryptionKeys, fetch, log }: WebhookOptions): Counter {
  const circumstances = (): Circumstances => ({
    now: new Date(),
    fetch: (input, init) => fetch(input, { ...init, signal: withinTime(init?.signal) }),
  });
  const doors = new Doors({ lookUp: (hashes) => findWebhookDoors(intake.pool, hashes) });
  return {
    intake,
    keeper: { doors, encryptionKeys, circumstances },
    allowUnsigned: config.WEBHOOK_ALLOW_UNSIGNED,
    limits: { maxBytes: config.WEBHOOK_MAX_BYTES, budget: new ByteBudget(maxBytesInProgress) },
    after: new AfterAnswers(log, circumstances),
  };
}

/** A server that is asked to end waits for these. */
function withinTime(signal: AbortSignal | null = null): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(fetchMs), ...(signal === null ? [] : [signal])]);
}

// Which sources there are is no secret: a path of another leads nowhere, 404.
function check(ctx: RouterContext): void {
  if (placeOf(ctx) !== null) ctx.body = { ok: true };
}

async function receive(ctx: RouterContext, counter: Counter): Promise<void> {
  const place = placeOf(ctx);
  if (place === null) return;
  try {
    using body = new IncomingBody(ctx.req, counter.limits);
    ctx.body = (await checkAnswer(body)) ?? (await receiveEvents(ctx, counter, place, body));
  } catch (error) {
    answerFailure(ctx, error, counter.intake);
  }
}

async function checkAnswer(body: IncomingBody): Promise<CheckAnswer | null> {
  await body.readHead();
  return body.isWhole ? answerToCheck(body.read) : null;
}

async function receiveEvents(
  ctx: RouterContext,
  counter: Counter,
  place: Place,
  body: IncomingBody,
): Promise<CheckAnswer> {
  const request = await takeIn(counter, place, ctx.req.headers, body);
  // Answered, or nobody is there any more to be answered: it is recorded all the same.
  ctx.res.once('close', () => counter.after.begin(place.source, request));
  return { ok: true };
}
