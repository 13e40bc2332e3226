// Whether the links in mails lead anywhere.
import { isIP } from 'node:net';
import type { Answer } from './answer.ts';
import { about, type Finding } from './finding.ts';

/** The host of a service's tracking address; null: it is an address already. */
export function trackingHost(baseUrl: string): string | null {
  const host = new URL(baseUrl).hostname.toLowerCase();
  return isIP(host.replace(/^\[|\]$/g, '')) > 0 ? null : host;
}

export function trackedByAddress(baseUrl: string): Finding {
  return about('tracking', new URL(baseUrl).hostname).warning(
    'Links in mails lead to an address, not to a name, which filters of spam dislike.',
    'Take a name under the sending domain.',
  );
}

export function judgeTracking(host: string, addresses: Answer<string>, alias: Answer<string>): Finding {
  const say = about('tracking', host);
  const target = alias.state === 'found' ? alias.records[0] : undefined;
  if (addresses.state === 'found')
    return say.ok(`Links lead to ${addresses.records.join(', ')}${target ? ` by ${target}` : ''}.`);
  if (addresses.state === 'unknown') return say.unknown(`The address of ${host}`, addresses.why);
  if (target !== undefined)
    return say.bad(
      `Links lead nowhere: ${host} is another name for ${target}, which has no address.`,
      `Mend the CNAME record of ${host}.`,
    );
  return say.bad(
    'Links lead nowhere: there is no such name.',
    `Add a CNAME record: ${host} <the host of this server>.`,
  );
}
