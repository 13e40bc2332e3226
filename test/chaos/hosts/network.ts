// Hosts as network namespaces, each with a cable of its own to one bridge. The bridge is in the namespace that this process runs in, so nothing
// of it can be seen or reached from the machine's own network.
import type { Host } from '../worker.ts';
import { ip, namespaces } from './ip.ts';

/** Addresses that are reached from inside these namespaces alone. */
const subnet = '10.213.77';
export const bridgeAddress = `${subnet}.1`;

export interface NetworkHost extends Host {
  readonly name: string;
  readonly address: string;
  /** Unplugs it: nothing arrives any more, in either direction, and nobody is told. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Makes the bridge in this process's namespace. @param prefix of the names of the hosts' namespaces */
export async function aNetwork(opened: AsyncDisposableStack, prefix: string, hosts: readonly string[]) {
  await ip('link', 'set', 'lo', 'up');
  await ip('link', 'add', 'bridge', 'type', 'bridge');
  await ip('addr', 'add', `${bridgeAddress}/24`, 'dev', 'bridge');
  await ip('link', 'set', 'bridge', 'up');
  opened.defer(() => removeNamespaces(`${prefix}-host`));
  return Promise.all(hosts.map((name, number) => aHost(`${prefix}-host`, name, number + 2)));
}

async function aHost(prefix: string, name: string, number: number): Promise<NetworkHost> {
  const namespace = `${prefix}-${name}`;
  const cable = `cable${number}`;
  const address = `${subnet}.${number}`;
  await ip('netns', 'add', namespace);
  await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  await ip('link', 'set', cable, 'master', 'bridge', 'up');
  await ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  for (const device of ['lo', 'eth0']) await ip('-n', namespace, 'link', 'set', device, 'up');
  return {
    name,
    address,
    // A host name of its own, too: a neighbour on the same machine could look whether a process lives, another machine can not.
    execPath: 'ip',
    execArgv: [
      'netns',
      'exec',
      namespace,
      'unshare',
      '--uts',
      'sh',
      '-c',
      `hostname ${name}; exec "$@"`,
      'sh',
      process.execPath,
    ],
    cut: async () => void (await ip('link', 'set', cable, 'down')),
    mend: async () => void (await ip('link', 'set', cable, 'up')),
  };
}

export async function removeNamespaces(prefix: string): Promise<void> {
  for (const name of await namespaces(prefix)) await ip('netns', 'delete', name);
}
