// Which addresses alerts may be posted to. Whoever may name a webhook shall not thereby reach what only this machine can: the cloud's metadata,
// a router, a database. So private and special addresses are refused unless the installation allows their network.
import { BlockList, isIP } from 'node:net';

/** IANA's special-purpose registries, IPv4 and IPv6; an IPv6 address that stands for an IPv4 one is judged as that. */
const special: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

export class Reach {
  readonly #special = listOf(special);
  readonly #allowed: BlockList;

  /** @param networks allowed although they are private: addresses, or networks such as 10.0.0.0/8 */
  constructor(networks: readonly string[]) {
    this.#allowed = listOf(networks);
  }

  mayReach(address: string): boolean {
    return this.isAllowed(address) || (isIP(address) !== 0 && !this.#special.check(address, familyOf(address)));
  }

  /** Named by the installation: one's own network, where plain HTTP will do, too. */
  isAllowed(address: string): boolean {
    return isIP(address) !== 0 && this.#allowed.check(address, familyOf(address));
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
