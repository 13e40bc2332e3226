// Whether the links in mails lead somewhere.
import { isIP } from 'node:net';
import type { Config } from '../../config.ts';
import { ok, type Trial, warning } from './trial.ts';

const name = 'links';

export function tryAddresses({ TRACKING_BASE_URL: given, HOST, PORT }: AddressKeys): Trial {
  if (given === undefined)
    return warning(
      name,
      `TRACKING_BASE_URL is not set: links in mails lead to http://${HOST}:${PORT}, unless a service has a tracking address of its own.`,
      'Set it to the address by which recipients reach this server.',
    );
  const { hostname, protocol } = new URL(given);
  if (isPrivate(hostname))
    return warning(
      name,
      `TRACKING_BASE_URL leads to ${hostname}, which recipients can not reach.`,
      'Set it to the address by which recipients reach this server.',
    );
  if (protocol === 'http:')
    return warning(
      name,
      'TRACKING_BASE_URL is not https: browsers warn of such links, and one-click unsubscribing needs https (RFC 8058).',
      'Put TLS in front of the server and change it to https.',
    );
  return ok(name, `Links in mails lead to ${given}, unless a service has a tracking address of its own.`);
}

type AddressKeys = Pick<Config, 'TRACKING_BASE_URL' | 'HOST' | 'PORT'>;

/** Addresses and names that mean something in one network alone (RFC 1918, 3927, 4193, 6761). */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 6) return /^(::1$|::$|f[cd]|fe[89ab])/i.test(host);
  if (isIP(host) === 4) return /^(0|10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  return !host.includes('.') || /\.(localhost|local|internal|test|invalid)$/i.test(host);
}
