// Sends what tell_alerts has written, outside of any transaction. A message is taken for two minutes; who dies meanwhile leaves it to the next.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { queueAlertMail } from '../database/alerts/queue_alert_mail.ts';
import { settleDelivery } from '../database/alerts/settle_delivery.ts';
import { type Delivery, takeDeliveries } from '../database/alerts/take_deliveries.ts';
import { codeOf } from '../database/error_code.ts';
import type { Queryable } from '../database/pool.ts';
import type { Secret } from '../database/secret.ts';
import type { Logger } from '../log.ts';
import { uuidV7 } from '../tasks/uuid_v7.ts';
import { mailServerSecret, openChannel, webhookSecret } from './channel_secret.ts';
import { sendByServer } from './mail_server.ts';
import { NotTaken, post } from './post.ts';
import type { Reach } from './reach.ts';
import { signatureHeaders } from './signing.ts';
import { textOf, titleOf } from './words.ts';

export interface DeliveryContext {
  readonly db: pg.Pool | Queryable;
  readonly secret: Secret;
  readonly log: Logger;
  readonly reach: Reach;
}

export interface Delivered {
  readonly channel: string;
  readonly address: string | null;
  readonly outcome: string;
  /** Null: it was taken. */
  readonly error: string | null;
}

const timeoutMs = 10_000;
const atOnce = 20;

/** Sends messages that are due, some at a time. @param channelId of this channel alone; null: of all */
export async function deliver(context: DeliveryContext, channelId: string | null = null): Promise<Delivered[]> {
  const deliveries = await takeDeliveries(context.db, atOnce, channelId);
  return Promise.all(deliveries.map((delivery) => deliverOne(context, delivery)));
}

async function deliverOne(context: DeliveryContext, delivery: Delivery): Promise<Delivered> {
  const { id, channel, address } = delivery;
  const failure = await attempt(context, delivery);
  const outcome = await settleDelivery(context.db, id, failure?.message ?? null, failure?.isFinal ?? false);
  if (failure !== null)
    context.log.warn({ channel, delivery: id, error: failure.message, outcome }, 'an alert was not taken');
  return { channel, address, outcome, error: failure?.message ?? null };
}

async function attempt(context: DeliveryContext, delivery: Delivery): Promise<NotTaken | null> {
  try {
    await ways[delivery.kind](context, delivery);
    return null;
  } catch (error) {
    if (error instanceof NotTaken) return error;
    context.log.error({ err: error, channel: delivery.channel }, 'an alert could not be sent');
    return new NotTaken(error instanceof Error ? error.message : 'unknown');
  }
}

const ways: Readonly<Record<Delivery['kind'], (context: DeliveryContext, delivery: Delivery) => Promise<void>>> = {
  log: async ({ log }, { digest }) => tellLog(log, digest),
  webhook: byWebhook,
  email: byMail,
};

const levels = { critical: 'error', warning: 'warn', info: 'info' } as const;

function tellLog(log: Logger, { notices, more, open }: Delivery['digest']): void {
  for (const { id, what, kind, subject, severity, message, action } of notices)
    log[what === 'resolved' ? 'info' : levels[severity]]({ alert: id, what, kind, subject, action }, message);
  if (Object.keys(more).length > 0) log.warn({ more, open }, 'and more alerts: postilion alerts');
}

async function byWebhook(
  { secret, reach }: DeliveryContext,
  { id, channelId, sealed, digest }: Delivery,
): Promise<void> {
  const { url, secret: key } = openChannel(webhookSecret, secret, channelId, sealed);
  const sentAt = new Date();
  const { notices, more, open } = digest;
  const body = JSON.stringify({
    type: digest.isTest ? 'alerts.test' : 'alerts',
    timestamp: sentAt.toISOString(),
    text: forChat(`${titleOf(digest)}\n\n${textOf(digest)}`),
    data: { alerts: notices, more, open },
  });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'postilion',
    ...signatureHeaders(key, { id, sentAt, body }),
  };
  await post({ url, headers, body, timeoutMs }, reach);
}

/** What a provider said must not become a link, or call a whole channel, in Slack. */
function forChat(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function byMail({ db, secret }: DeliveryContext, delivery: Delivery): Promise<void> {
  const { id, channelId, address, emailServiceId, sealed, digest } = delivery;
  const subject = titleOf(digest);
  const text = textOf(digest);
  const html = `<pre style="white-space: pre-wrap">${forChat(text)}</pre>`;
  if (emailServiceId === null) {
    const server = openChannel(mailServerSecret, secret, channelId, sealed);
    return sendByServer(server, { id, to: address ?? '', subject, text, html }, timeoutMs);
  }
  const mail = { subTaskId: uuidV7(), trackingId: randomBytes(12).toString('base64url'), subject, html, text };
  await queueAlertMail(db, id, mail).catch((error: unknown) => {
    throw refusals.has(codeOf(error)) && error instanceof Error ? new NotTaken(error.message) : error;
  });
}

/** What the queue says of a mail that it does not take now. */
const refusals = new Set(['BADIN', 'SUPPR', 'LIMIT']);
