import { postedSources } from '../../providers/webhook_sources.ts';
import { Fault } from '../errors.ts';
import { root } from './place.ts';

/** Where a source posts to for the service of this secret. */
export function webhookPath(source: string, secret: string): string {
  return `${root}/${source}/${secret}`;
}

/** Whether a source of this name posts to us. */
export function isPosted(name: string): boolean {
  return names().includes(name);
}

/** @throws Fault BADIN that lists the sources there are */
export function checkSource(name: string): void {
  if (!isPosted(name))
    throw new Fault('BADIN', `source: there is no ${JSON.stringify(name)}; known: ${names().join(', ')}`);
}

/**
 * The source that posts for a service: the one asked for, or the one of its provider.
 * @throws Fault BADIN where a provider posts nothing by itself, as with SMTP: then whoever relays its mails does
 */
export function sourceFor(asked: string | null, provider: string): string {
  if (asked !== null) checkSource(asked);
  else if (!isPosted(provider))
    throw new Fault('BADIN', `source: the provider "${provider}" posts nothing; name who does`);
  return asked ?? provider;
}

function names(): string[] {
  return postedSources().map(({ name }) => name);
}
