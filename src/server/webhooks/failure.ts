import type { RouterContext } from 'koa-router';
import type { Intake } from '../intake.ts';
import { Refused } from './admission.ts';
import { BodyUnusable } from './incoming_body.ts';

/** EngageLab's word for a failure; the other providers look at the status alone. */
const failureCode = 2_002;
const comeAgainSeconds = 5;

/** Answers a webhook that was not recorded. Whatever is not the sender's fault is ours, and he is asked to come again. */
export function answerFailure(ctx: RouterContext, error: unknown, intake: Intake): void {
  ctx.status = statusOf(error);
  ctx.body = { code: failureCode, message: messageOf(error) };
  // What is left of a body that was given up stands in the way of the next request.
  if (!ctx.req.complete) ctx.set('Connection', 'close');
  if (ctx.status !== 503) return;
  intake.complain(error);
  ctx.set('Retry-After', String(comeAgainSeconds));
}

function statusOf(error: unknown): 400 | 401 | 413 | 503 {
  if (error instanceof BodyUnusable) return error.status;
  return error instanceof Refused ? 401 : 503;
}

function messageOf(error: unknown): string {
  if (error instanceof BodyUnusable) return error.message;
  if (!(error instanceof Refused)) return 'the event could not be recorded; send it again';
  return error.answer;
}
