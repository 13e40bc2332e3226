// POST /v1/mail/send.
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { RouteHandler, RouterContext } from 'koa-router';
import { fateOf } from './afterlife.ts';
import { drawWithin } from './draw.ts';
import type { EntryDetails } from './entry.ts';
import { localLinks } from './links.ts';
import { AUTHENTICATION_FAILED, loginOf } from './login.ts';
import { emailIdOf } from './message.ts';
import type { FaultKind } from './options.ts';
import { readJson } from './read_body.ts';
import { detailsOf, type MailRequest, readRequest, rejectionOf } from './request.ts';
import type { World } from './world.ts';

interface Answer {
  /** Null: none. */
  readonly status: number | null;
  readonly body: unknown;
  readonly fault: FaultKind | null;
}

const BALANCE = { code: 30_877, message: 'Sorry, your account balance is not enough' };
const NOT_JSON = { code: 30_899, message: 'The request body must be json format' };

/** Faults that strike before the mail is looked at. */
const BEFORE: Partial<Record<FaultKind, Omit<Answer, 'fault'>>> = {
  too_many: { status: 429, body: { code: 429, message: 'Too many requests' } },
  unavailable: { status: 503, body: { code: 503, message: 'Service unavailable' } },
  server_error: { status: 500, body: { code: 500, message: 'Internal server error' } },
  unauthorized: { status: 401, body: AUTHENTICATION_FAILED },
  no_balance: { status: 400, body: BALANCE },
  refused: { status: 400, body: { code: 30_899, message: 'The recipient address is invalid' } },
  hang: { status: null, body: null },
  reset: { status: null, body: null },
};

/** Faults that spoil the answer to a mail that was taken. */
const AFTER: Partial<Record<FaultKind, Omit<Answer, 'fault'>>> = {
  accept_hang: { status: null, body: null },
  accept_reset: { status: null, body: null },
  accept_error: { status: 502, body: 'Bad gateway' },
  accept_garbage: { status: 200, body: '<html>' },
};

/** @param seqOf The sequence number a request was given when it arrived. */
export function sendRoute(world: World, seqOf: (request: IncomingMessage) => number): RouteHandler {
  return async (ctx) => {
    const seq = seqOf(ctx.req);
    try {
      const json = await readJson(ctx.req);
      await reply(world, ctx, seq, decide(world, seq, ctx.get('authorization'), json));
    } catch (error) {
      if (!ctx.req.destroyed || ctx.req.complete) throw error;
      world.record.settle(seq, { outcome: 'aborted' });
      world.record.end(seq, null);
      ctx.respond = false;
    }
  };
}

/** Decides and records at once: from here on only the answer is delayed. */
function decide(world: World, seq: number, authorization: string, json: unknown): Answer {
  const login = loginOf(authorization, world.settings.accounts);
  const request = readRequest(json);
  const details = detailsOf(request, login.apiUser);
  world.record.describe(seq, details, json);
  if (!login.valid) return refuse(world, seq, { status: 401, body: AUTHENTICATION_FAILED, fault: null });
  const fault = world.faults.forRequest(details);
  const early = fault === null ? undefined : BEFORE[fault];
  if (early !== undefined) return refuse(world, seq, { ...early, fault });
  const rejection = json === undefined ? { status: 400, ...NOT_JSON } : rejectionOf(request);
  if (rejection === null) return take(world, seq, request, details, fault);
  const { status, ...body } = rejection;
  return refuse(world, seq, { status, body, fault: null });
}

function refuse(world: World, seq: number, answer: Answer): Answer {
  const { status, fault } = answer;
  world.record.settle(seq, { outcome: status === null ? 'unanswered' : 'refused', status, fault });
  return answer;
}

function take(world: World, seq: number, request: MailRequest, details: EntryDetails, fault: FaultKind | null): Answer {
  const account = details.account ?? '';
  const earlier = world.memory.find(account, request.request_id);
  const spoilt = fault === null ? undefined : AFTER[fault];
  const status = spoilt === undefined ? 200 : spoilt.status;
  if (earlier === null) accept(world, seq, request, details, { status, fault });
  else world.record.settle(seq, { outcome: 'repeat', status, fault });
  const mail = world.record.get(earlier ?? seq);
  return { status, fault, body: { email_ids: [emailIdOf(mail)], request_id: request.request_id }, ...spoilt };
}

function accept(
  world: World,
  seq: number,
  request: MailRequest,
  details: EntryDetails,
  answer: { status: number | null; fault: FaultKind | null },
): void {
  const apiUser = details.account ?? '';
  const to = details.recipient ?? '';
  world.record.settle(seq, { outcome: 'accepted', fate: fateOf(to, world.settings, world.seed), ...answer });
  world.memory.remember(apiUser, request.request_id, seq);
  const fetching = world.settings.recipients.engagement === 'fetch';
  world.webhooks.follow({
    entry: world.record.get(seq),
    apiUser,
    to,
    from: request.from,
    subject: request.body.subject,
    customArgs: request.custom_args,
    ...(fetching ? localLinks(request.body.content.html) : { pixels: [], links: [] }),
  });
}

async function reply(world: World, ctx: RouterContext, seq: number, answer: Answer): Promise<void> {
  const delay = drawWithin(world.settings.answerDelayMs, world.seed, 'answer', String(seq));
  if (delay > 0) await pause(delay, null, { signal: world.closing }).catch(() => null);
  world.record.end(seq, answer.status === null ? null : performance.now());
  if (answer.status === null) return leave(ctx, answer.fault);
  ctx.status = answer.status;
  ctx.body = answer.body;
  const { retryAfterSeconds } = world.settings.faults;
  if ([429, 503].includes(answer.status) && retryAfterSeconds !== null)
    ctx.set('retry-after', String(retryAfterSeconds));
}

/** Leaves the request without an answer, its connection open or torn. */
function leave(ctx: RouterContext, fault: FaultKind | null): void {
  ctx.respond = false;
  if (fault === 'reset' || fault === 'accept_reset') ctx.req.socket.resetAndDestroy();
}
