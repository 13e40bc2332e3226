// Opening the page changes nothing, for mail scanners open every link; a POST unsubscribes (RFC 8058).
import type { RouterContext } from 'koa-router';
import { isMachineAgent } from '../../providers/machine_agent.ts';
import { inTime } from '../in_time.ts';
import { answerPage } from './answer.ts';
import { prefetchOf } from './prefetch.ts';
import { unsubscribeAddress } from './unsubscribe_address.ts';
import { readUnsubscribeBody } from './unsubscribe_body.ts';
import { type UnsubscribeContext, unsubscribeContext } from './unsubscribe_context.ts';
import { type Desk, recording, tokenOf } from './visit.ts';

export async function askToUnsubscribe(ctx: RouterContext, desk: Desk): Promise<void> {
  const token = tokenOf(ctx, 'u', desk);
  if (token === null) return answerPage(ctx, 'badUnsubscribeLink');
  const { pool, complain } = desk.intake;
  const context = await inTime(unsubscribeContext(pool, token.trackingId)).catch(complain);
  if (context === undefined) return answerPage(ctx, 'tryAgain');
  answerPage(ctx, context === null ? 'badUnsubscribeLink' : 'ask', context);
}

/**
 * One click is the word of a mail program, and always honoured. Our button's is not taken from what is known to be a machine, for some scanners
 * press every button: they see the page once more, and so does whoever sends neither body.
 */
export async function unsubscribe(ctx: RouterContext, desk: Desk): Promise<void> {
  const token = tokenOf(ctx, 'u', desk);
  if (token === null) return answerPage(ctx, 'badUnsubscribeLink');
  const body = await readUnsubscribeBody(ctx.req);
  if (body === 'other') return refuse(ctx, desk);
  if (body === 'button' && isMachine(ctx)) return askToUnsubscribe(ctx, desk);
  const context = await carryOut(ctx, token.trackingId, desk).catch(desk.intake.complain);
  if (context === undefined) return answerPage(ctx, 'notDone');
  answerPage(ctx, context === null ? 'badUnsubscribeLink' : 'done', context);
}

/** What is left of the body is not read. */
async function refuse(ctx: RouterContext, desk: Desk): Promise<void> {
  await askToUnsubscribe(ctx, desk);
  if (ctx.status === 200) ctx.status = 400;
  ctx.set('Connection', 'close');
}

/**
 * Side by side, so that neither waits for the other's disk or queue, and said to be done when both are committed. Where only one was, nothing is
 * wrong: the event is applied and suppresses, or the address is suppressed and the visitor, who was told so, tries again.
 */
async function carryOut(ctx: RouterContext, trackingId: string, { intake }: Desk): Promise<UnsubscribeContext | null> {
  const event = recording(ctx, { kind: 'unsubscribe', trackingId });
  const [context] = await inTime(Promise.all([unsubscribeAddress(intake.pool, trackingId), intake.record(event)]));
  return context;
}

function isMachine(ctx: RouterContext): boolean {
  return isMachineAgent(ctx.get('User-Agent') || null) || prefetchOf(ctx.headers) !== null;
}
