import type { RouterContext } from 'koa-router';
import type { WebhookSource } from '../../providers/webhook_source.ts';
import { webhookSources } from '../../providers/webhook_sources.ts';

export const root = '/api/webhooks';
/** Takes EngageLab's events and the flat form; its path holds no secret. */
export const openName = 'mail-event';
export const sourceOfOpen = 'engagelab';

/** Where a request came to. */
export interface Place {
  readonly source: WebhookSource;
  /** As in the path: the source's name, or `openName`. */
  readonly name: string;
  /** Null: the path holds none. */
  readonly secret: string | null;
}

/** Null: there is no such source, or nobody posts for it. */
export function placeOf({ params }: RouterContext): Place | null {
  const { source: name = openName, secret = null } = params;
  const wanted = secret === null ? sourceOfOpen : name;
  const source = webhookSources.get(wanted);
  return source === undefined || source.isOurOwn ? null : { source, name, secret };
}
