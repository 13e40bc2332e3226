import type { RouterContext } from 'koa-router';
import { pixel } from './pixel.ts';
import { type Desk, note, tokenOf } from './visit.ts';

/** A pixel is a pixel, whatever the token: a mail never shows a broken image. */
export function open(ctx: RouterContext, desk: Desk): void {
  const token = tokenOf(ctx, 'o', desk);
  if (token !== null) note(ctx, { kind: 'open', trackingId: token.trackingId }, desk);
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'image/gif';
  ctx.body = pixel;
}
