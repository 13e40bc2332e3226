import type { MailEvent } from './provider.ts';
import { WebhookParseError } from './provider.ts';
import { providers } from './registry.ts';
import { parseTrackingBody } from './tracking.ts';

/** Reads the bodies recorded under a name in event_logs.provider: a provider's, or `tracking` for our own links. */
export function parserFor(name: string): (body: Buffer) => MailEvent[] {
  if (name === 'tracking') return parseTrackingBody;
  const provider = providers.get(name);
  if (provider !== undefined) return (body) => provider.parseWebhook(body);
  return () => {
    throw new WebhookParseError(`there is no provider ${JSON.stringify(name)}`);
  };
}
