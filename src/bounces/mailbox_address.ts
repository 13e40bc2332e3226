// Where a mailbox is and how its line is guarded, read from one URL.
import { isIP } from 'node:net';

export interface MailboxAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Plaintext will do: on this machine, or where somebody says so. */
  readonly opportunistic: boolean;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  /** For people: no user, no password. */
  readonly place: string;
}

/** What a mailbox's address looks like, for people. */
export const MAILBOX_FORM =
  'imaps://user:password@host[:993]/INBOX, or imap:// for STARTTLS, either with ?tls=opportunistic';

/** @returns null for any other URL */
export function mailboxAddressOf(text: string): MailboxAddress | null {
  const url = URL.parse(text);
  if (url === null || !isMailbox(url)) return null;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'imaps:';
  const port = url.port === '' ? (secure ? 993 : 143) : Number(url.port);
  const [user, password, path] = [url.username, url.password, url.pathname.slice(1)].map(decoded);
  if (user === undefined || password === undefined || path === undefined) return null;
  const folder = path || 'INBOX';
  return {
    host,
    port,
    secure,
    opportunistic: url.search !== '' || isLoopback(host),
    user,
    password,
    folder,
    place: `${url.protocol}//${url.hostname}:${port}/${folder}`,
  };
}

function isMailbox(url: URL): boolean {
  return (
    ['imap:', 'imaps:'].includes(url.protocol) &&
    ![url.hostname, url.username, url.password].includes('') &&
    url.hash === '' &&
    ['', '?tls=opportunistic'].includes(url.search)
  );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
