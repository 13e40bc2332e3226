// Those who tell us what became of a mail, by the name that event_logs.provider and the path of a webhook hold.
import { bounceMail } from './bounce_mail.ts';
import { engagelabWebhooks } from './engagelab_webhook.ts';
import { mailgunWebhooks } from './mailgun_webhook.ts';
import { postmarkWebhooks } from './postmark_webhook.ts';
import { resendWebhooks } from './resend_webhook.ts';
import { sendgridWebhooks } from './sendgrid_webhook.ts';
import { sesWebhooks } from './ses_webhook.ts';
import { sparkpostWebhooks } from './sparkpost_webhook.ts';
import { standardWebhooks } from './standard_webhook.ts';
import { trackingEvents } from './tracking.ts';
import { WebhookParseError, type WebhookSource } from './webhook_source.ts';

const known = new Map<string, WebhookSource>(
  [
    bounceMail,
    engagelabWebhooks,
    mailgunWebhooks,
    postmarkWebhooks,
    resendWebhooks,
    sendgridWebhooks,
    sesWebhooks,
    sparkpostWebhooks,
    standardWebhooks,
    trackingEvents,
  ].map((source) => [source.name, source]),
);

export const webhookSources: ReadonlyMap<string, WebhookSource> = known;

/** Adds a source to those of this process alone, before it is asked for. */
export function addWebhookSource(source: WebhookSource): void {
  known.set(source.name, source);
}

/** The sources whose events are posted to us; the others we write ourselves. */
export function postedSources(): WebhookSource[] {
  return [...known.values()].filter(({ isOurOwn }) => isOurOwn !== true);
}

/** @throws WebhookParseError when there is no such source: a body recorded by a newer version, say. */
export function webhookSource(name: string): WebhookSource {
  const source = known.get(name);
  if (source === undefined) throw new WebhookParseError(`there is no source of events ${JSON.stringify(name)}`);
  return source;
}
