import type { RouterContext } from 'koa-router';
import { inTime } from '../in_time.ts';
import { answerPage } from './answer.ts';
import { type Desk, note, tokenOf } from './visit.ts';

/** Leads where the mail said, by what was stored when it was rendered: nothing of the request ever becomes an address. */
export async function click(ctx: RouterContext, desk: Desk): Promise<void> {
  const token = tokenOf(ctx, 'c', desk);
  if (token === null) return answerPage(ctx, 'badLink');
  const { trackingId, linkNumber } = token;
  const url = await inTime(desk.links.find({ trackingId, number: linkNumber ?? 0 })).catch(desk.intake.complain);
  if (url === undefined) return answerPage(ctx, 'tryAgain');
  const target = webAddress(url);
  if (target === null) return answerPage(ctx, 'badLink');
  note(ctx, { kind: 'click', trackingId, url: target }, desk);
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Location', target);
  ctx.status = 302;
  ctx.body = '';
}

/** Escaped for a header; null for anything a browser should not be sent to. */
function webAddress(url: string | null): string | null {
  const parsed = url === null ? null : URL.parse(url);
  return parsed !== null && ['http:', 'https:'].includes(parsed.protocol) ? parsed.href : null;
}
