import { isIPv6 } from 'node:net';

const groupsOfNetwork = 4;

/**
 * Whom we take for one: an IPv4 address, or the /64 of an IPv6 address, since whoever has one has all of it. As app_hidden.network_of has it.
 * @param address null: the client is gone already
 */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  return isIPv6(address) ? `${groupsOf(address).slice(0, groupsOfNetwork).join(':')}::/64` : address;
}

/** All eight, in the URL standard's way of writing them. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [before, behind] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const left = before ?? [];
  const right = behind ?? [];
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
