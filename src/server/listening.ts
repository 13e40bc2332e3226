import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { codeOf } from '../database/error_code.ts';

/** How long requests under way may take to end, once the server stops. */
const graceMs = 5000;

// RFC 6455: a close frame with status 1001, "going away", which tells a client to come back.
const goingAway = Buffer.of(0x88, 0x02, 0x03, 0xe9);

export interface Listening {
  /** The one the system chose when 0 was asked for. */
  readonly port: number;
  /** Takes no more connections, ends websockets, and resolves once every request under way is answered. */
  stop(): Promise<void>;
}

/** The address can not be listened on; the message says which and why, for the person at the terminal. */
export class AddressUnusable extends Error {
  override name = 'AddressUnusable';
}

/**
 * @param key of the configuration, which names the port
 * @throws AddressUnusable when the port is taken or not allowed.
 */
export async function startListening(server: Server, port: number, host: string, key = 'PORT'): Promise<Listening> {
  const upgraded = trackUpgraded(server);
  const listening = Promise.withResolvers<void>();
  const refused = (error: Error) => listening.reject(explained(error, port, host, key));
  server.once('error', refused);
  server.listen(port, host, listening.resolve);
  await listening.promise;
  server.off('error', refused);
  return { port: portOf(server.address()), stop: () => stopListening(server, upgraded) };
}

function explained(error: Error, port: number, host: string, key: string): AddressUnusable {
  const code = codeOf(error);
  const reason =
    code === 'EADDRINUSE' ? `port ${port} of ${host} is taken` : `${host}:${port} can not be listened on (${code})`;
  return new AddressUnusable(`${reason}; set ${key} to another`, { cause: error });
}

/** Node forgets a connection that became a websocket, except that the server does not close while there is one. */
function trackUpgraded(server: Server): ReadonlySet<Duplex> {
  const sockets = new Set<Duplex>();
  server.on('upgrade', (_request, socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}

async function stopListening(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const impatience = setTimeout(() => server.closeAllConnections(), graceMs);
  server.close(() => stopped.resolve());
  for (const socket of upgraded) socket.end(goingAway, () => socket.destroy());
  await stopped.promise.finally(() => clearTimeout(impatience));
}
