// Our own events: what tracking links report. They take the same way as a provider's webhooks, through event_logs, so their body is a
// format like any other; it is written and read here.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isMachineAgent } from './machine_agent.ts';
import { clip, MAX_TEXT_BYTES, MAX_URL_BYTES } from './text.ts';
import { type MailEvent, WebhookParseError, type WebhookSource } from './webhook_source.ts';

/** As in event_logs.provider. */
export const TRACKING = 'tracking';

/** A visit to one of our links. */
export interface Hit {
  readonly kind: 'open' | 'click' | 'unsubscribe';
  readonly trackingId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The header by which a browser says that it fetches ahead of its user. */
  readonly prefetch: string | null;
  /** Where a click led. */
  readonly url: string | null;
}

const hitBody = z.object({
  /** Tells two hits apart: everything else about them may be the same. */
  id: z.uuid(),
  kind: z.enum(['open', 'click', 'unsubscribe']),
  trackingId: z.string().min(1),
  at: z.iso.datetime(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** Absent in what was recorded before it was looked at. */
  prefetch: z.string().nullable().default(null),
  url: z.string().nullable(),
});

export function trackingBody(hit: Hit, at: Date = new Date()): Buffer {
  const body: z.infer<typeof hitBody> = {
    id: randomUUID(),
    kind: hit.kind,
    trackingId: hit.trackingId,
    at: at.toISOString(),
    ip: hit.ip,
    userAgent: hit.userAgent === null ? null : clip(hit.userAgent, MAX_TEXT_BYTES),
    prefetch: hit.prefetch === null ? null : clip(hit.prefetch, MAX_TEXT_BYTES),
    url: hit.url === null ? null : clip(hit.url, MAX_URL_BYTES),
  };
  return Buffer.from(JSON.stringify(body));
}

/** Written by ourselves: a visit is checked by its link's token before it is recorded. */
export const trackingEvents: WebhookSource = {
  name: TRACKING,
  signingSecret: null,
  isOurOwn: true,
  verify: () => 'tracking is recorded by our own links alone',
  parse: ({ body }) => parseTrackingBody(body),
};

/** @throws WebhookParseError for what `trackingBody` did not write. */
export function parseTrackingBody(body: Buffer): MailEvent[] {
  const { id, kind, trackingId, at, ip, userAgent, prefetch, url } = readBody(body);
  return [
    {
      kind,
      occurredAt: at,
      dedupeKey: id,
      subTaskId: null,
      subTaskIdFrom: null,
      messageId: null,
      trackingId,
      recipient: null,
      // A mail program that unsubscribes does what its user told it to; machines that weren't told are turned away before this is written.
      machine: (kind !== 'unsubscribe' && (prefetch !== null || isMachineAgent(userAgent))) || null,
      detail: {
        ...(ip && { ip }),
        ...(userAgent && { user_agent: userAgent }),
        ...(prefetch && { prefetch }),
        ...(url && { url }),
      },
    },
  ];
}

function readBody(body: Buffer): z.infer<typeof hitBody> {
  try {
    return hitBody.parse(JSON.parse(body.toString()));
  } catch (cause) {
    throw new WebhookParseError('this is not a tracking event', { cause });
  }
}
