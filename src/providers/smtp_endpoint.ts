// Where an SMTP service is and how its line is guarded, read from its base URL.
import { isIP } from 'node:net';
import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool';

type LineOptions = Pick<SMTPPoolOptions, 'host' | 'port' | 'secure' | 'requireTLS' | 'opportunisticTLS' | 'tls'>;

/** `smtp://host[:587]`, `smtps://host[:465]`, either with `?tls=opportunistic`. @returns nodemailer's options, null for any other URL. */
export function lineOptions(baseUrl: string): LineOptions | null {
  const url = URL.parse(baseUrl);
  if (url === null || !isPlain(url)) return null;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'smtps:';
  const opportunistic = url.search !== '' || isLoopback(host);
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !opportunistic,
    opportunisticTLS: opportunistic,
    // Where plaintext would do, a certificate that can't be verified is no loss: a local server's hardly ever can.
    tls: { rejectUnauthorized: !opportunistic },
  };
}

// A user and a password belong to the credentials, which are kept encrypted.
function isPlain(url: URL): boolean {
  return (
    ['smtp:', 'smtps:'].includes(url.protocol) &&
    url.hostname !== '' &&
    url.username + url.password + url.hash === '' &&
    ['', '/'].includes(url.pathname) &&
    ['', '?tls=opportunistic'].includes(url.search)
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
