import type { IncomingMessage, Server } from 'node:http';
import type { KoaGrafserv } from 'postgraphile/grafserv/koa/v2';

/**
 * Hands upgrades of /graphql to Grafserv. A browser lets any page open a websocket to any host, and says in Origin which page it was:
 * only our own may.
 */
export async function installWebsockets(server: Server, serv: KoaGrafserv): Promise<void> {
  const upgrade = await serv.getUpgradeHandler();
  server.on('upgrade', (request, socket, head) => {
    if (upgrade === null || !serv.shouldHandleUpgrade(request, socket, head) || isForeign(request)) socket.destroy();
    else upgrade(request, socket, head);
  });
}

function isForeign({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && URL.parse(origin)?.host !== host;
}
