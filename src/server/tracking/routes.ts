// The addresses in our mails. Whoever visits is answered first; what is recorded goes the way of webhooks.
import type Koa from 'koa';
import Router, { type RouterContext } from 'koa-router';
import type { Config } from '../../config.ts';
import { type Hit, TRACKING, trackingBody } from '../../providers/tracking.ts';
import { type TokenKind, verifyToken } from '../../rendering/token.ts';
import { type UnsubscribeState, unsubscribePage } from '../../rendering/unsubscribe_page.ts';
import type { Intake } from '../intake.ts';
import type { Recording } from '../webhooks/recorder.ts';
import { linkUrl } from './link_url.ts';
import { answerBadLink, answerHtml, answerTryAgain, languageOf } from './pages.ts';
import { pixel } from './pixel.ts';

export interface TrackingOptions {
  readonly config: Pick<Config, 'TRACKING_PIXEL_PATH' | 'TRACKING_CLICK_PATH' | 'TRACKING_UNSUBSCRIBE_PATH'>;
  readonly key: Buffer;
}

interface Desk {
  readonly intake: Intake;
  readonly key: Buffer;
}

type Visit = Pick<Hit, 'kind' | 'trackingId'> & { readonly url?: string };

export function installTracking(app: Koa, intake: Intake, { config, key }: TrackingOptions): void {
  const { TRACKING_PIXEL_PATH, TRACKING_CLICK_PATH, TRACKING_UNSUBSCRIBE_PATH } = config;
  const desk = { intake, key };
  const router = new Router();
  router.get(`${TRACKING_PIXEL_PATH}/:token`, (ctx) => open(ctx, desk));
  router.get(`${TRACKING_CLICK_PATH}/:token`, (ctx) => click(ctx, desk));
  router.get(`${TRACKING_UNSUBSCRIBE_PATH}/:token`, (ctx) => askToUnsubscribe(ctx, desk));
  router.post(`${TRACKING_UNSUBSCRIBE_PATH}/:token`, (ctx) => unsubscribe(ctx, desk));
  app.use(router.routes());
}

function open(ctx: RouterContext, desk: Desk): void {
  const token = tokenOf(ctx, 'o', desk);
  if (token !== null && ctx.method !== 'HEAD') note(ctx, { kind: 'open', trackingId: token.trackingId }, desk);
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'image/gif';
  ctx.body = pixel;
}

async function click(ctx: RouterContext, desk: Desk): Promise<void> {
  const token = tokenOf(ctx, 'c', desk);
  if (token === null) return answerBadLink(ctx);
  const { trackingId, linkNumber } = token;
  const url = await linkUrl(desk.intake.pool, trackingId, linkNumber ?? 0).catch(desk.intake.complain);
  if (url === undefined) return answerTryAgain(ctx);
  const target = webAddress(url);
  if (target === null) return answerBadLink(ctx);
  if (ctx.method !== 'HEAD') note(ctx, { kind: 'click', trackingId, url: target }, desk);
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Location', target);
  ctx.status = 302;
  ctx.body = '';
}

function askToUnsubscribe(ctx: RouterContext, desk: Desk): void {
  answerUnsubscribe(ctx, tokenOf(ctx, 'u', desk) === null ? 'invalid' : 'ask');
}

/** The body is not looked at: RFC 8058's one click and our button mean the same. Said only once it is committed. */
async function unsubscribe(ctx: RouterContext, desk: Desk): Promise<void> {
  const token = tokenOf(ctx, 'u', desk);
  if (token === null) return answerUnsubscribe(ctx, 'invalid');
  try {
    await desk.intake.record(recording(ctx, { kind: 'unsubscribe', trackingId: token.trackingId }));
    answerUnsubscribe(ctx, 'done');
  } catch (error) {
    desk.intake.complain(error);
    answerTryAgain(ctx);
  }
}

function answerUnsubscribe(ctx: RouterContext, state: UnsubscribeState): void {
  ctx.status = state === 'invalid' ? 404 : 200;
  answerHtml(ctx, unsubscribePage({ state, action: `./${ctx.params.token}`, language: languageOf(ctx) }));
}

function tokenOf(ctx: RouterContext, kind: TokenKind, { key }: Desk) {
  return verifyToken(key, kind, ctx.params.token ?? '');
}

/** For opens and clicks, which are worth less than a quick answer: nobody waits for the record. */
function note(ctx: RouterContext, visit: Visit, { intake }: Desk): void {
  intake.record(recording(ctx, visit)).catch(intake.complain);
}

function recording(ctx: RouterContext, visit: Visit): Recording {
  const hit = { ip: ctx.ip || null, userAgent: ctx.get('User-Agent') || null, url: null, ...visit };
  // The path holds the token, which works for whoever knows it.
  return { provider: TRACKING, path: ctx.path.replace(/\/[^/]*$/, ''), headers: {}, body: trackingBody(hit) };
}

/** Escaped for a header; null for anything a browser should not be sent to. */
function webAddress(url: string | null): string | null {
  const parsed = url === null ? null : URL.parse(url);
  return parsed !== null && ['http:', 'https:'].includes(parsed.protocol) ? parsed.href : null;
}
