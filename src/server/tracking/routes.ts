// The addresses in our mails. Whoever visits is answered first; what is recorded goes the way of webhooks.
import type Koa from 'koa';
import Router from 'koa-router';
import type { Config } from '../../config.ts';
import type { Intake } from '../intake.ts';
import { click } from './click.ts';
import { LinkLookup } from './link_lookup.ts';
import { linkUrls } from './link_urls.ts';
import { open } from './open.ts';
import { askToUnsubscribe, unsubscribe } from './unsubscribe.ts';

export interface TrackingOptions {
  readonly config: Pick<Config, 'TRACKING_PIXEL_PATH' | 'TRACKING_CLICK_PATH' | 'TRACKING_UNSUBSCRIBE_PATH'>;
  /** All that may have signed a link. */
  readonly keys: readonly Buffer[];
}

export function installTracking(app: Koa, intake: Intake, { config, keys }: TrackingOptions): void {
  const { TRACKING_PIXEL_PATH, TRACKING_CLICK_PATH, TRACKING_UNSUBSCRIBE_PATH } = config;
  const links = new LinkLookup((asked) => linkUrls(intake.pool, asked));
  const desk = { intake, keys, links };
  const router = new Router();
  router.get(`${TRACKING_PIXEL_PATH}/:token`, (ctx) => open(ctx, desk));
  router.get(`${TRACKING_CLICK_PATH}/:token`, (ctx) => click(ctx, desk));
  router.get(`${TRACKING_UNSUBSCRIBE_PATH}/:token`, (ctx) => askToUnsubscribe(ctx, desk));
  router.post(`${TRACKING_UNSUBSCRIBE_PATH}/:token`, (ctx) => unsubscribe(ctx, desk));
  app.use(router.routes());
}
