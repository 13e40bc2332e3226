// What the routes of all links share: whose mail it is, and how a visit is recorded.
import type { RouterContext } from 'koa-router';
import { type Hit, TRACKING, trackingBody } from '../../providers/tracking.ts';
import { type TokenKind, type VerifiedToken, verifyToken } from '../../rendering/token.ts';
import type { Intake } from '../intake.ts';
import type { Recording } from '../webhooks/recorder.ts';
import type { LinkLookup } from './link_lookup.ts';
import { prefetchOf } from './prefetch.ts';

export interface Desk {
  readonly intake: Intake;
  /** All that may have signed a token. */
  readonly keys: readonly Buffer[];
  readonly links: LinkLookup;
}

export type Visit = Pick<Hit, 'kind' | 'trackingId'> & { readonly url?: string };

/** What the address's token stands for; null when it is none of ours for this purpose. */
export function tokenOf(ctx: RouterContext, kind: TokenKind, { keys }: Desk): VerifiedToken | null {
  return verifyToken(keys, kind, ctx.params.token ?? '');
}

/** For opens and clicks, which are worth less than a quick answer: nobody waits for the record. HEAD shows nobody anything, and isn't recorded. */
export function note(ctx: RouterContext, visit: Visit, { intake }: Desk): void {
  if (ctx.method === 'HEAD') return;
  intake.record(recording(ctx, visit)).catch(intake.complain);
}

export function recording(ctx: RouterContext, visit: Visit): Recording {
  const hit = {
    ip: ctx.ip || null,
    userAgent: ctx.get('User-Agent') || null,
    prefetch: prefetchOf(ctx.headers),
    url: null,
    ...visit,
  };
  // The path holds the token, which works for whoever knows it.
  return { provider: TRACKING, path: ctx.path.replace(/\/[^/]*$/, ''), headers: {}, body: trackingBody(hit) };
}
