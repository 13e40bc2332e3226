import type { RouterContext } from 'koa-router';
import { pageDocument } from './page/document.ts';
import { languageOf } from './page/language.ts';
import { styleHash } from './page/style.ts';
import type { PageName } from './page/words.ts';
import type { UnsubscribeContext } from './unsubscribe_context.ts';

const retryAfterSeconds = 5;

const statuses: Readonly<Record<PageName, number>> = {
  ask: 200,
  done: 200,
  notDone: 503,
  tryAgain: 503,
  badLink: 404,
  badUnsubscribeLink: 404,
};

// 'self' for our button alone; nothing is loaded, and nobody lays the page under theirs.
const policy = `default-src 'none'; style-src '${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** `context`: what is known of the mail, where the page speaks of it. */
export function answerPage(ctx: RouterContext, name: PageName, context: UnsubscribeContext | null = null): void {
  ctx.status = statuses[name];
  if (ctx.status === 503) ctx.set('Retry-After', String(retryAfterSeconds));
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Security-Policy', policy);
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = pageDocument({
    name,
    language: languageOf(ctx, context?.language ?? null),
    senderName: context?.senderName ?? null,
    maskedAddress: context?.maskedAddress ?? null,
  });
}
