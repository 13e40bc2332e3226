// GraphQL over websockets (graphql-transport-ws).
import type { IncomingMessage, Server } from 'node:http';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { makeGraphQLWSConfig } from 'postgraphile/grafserv';
import type { KoaGrafserv } from 'postgraphile/grafserv/koa/v2';
import { type default as WebSocket, WebSocketServer } from 'ws';
import type { Access } from '../access/access.ts';
import { clientAddress } from '../access/client_address.ts';
import { Visit } from '../access/visit.ts';
import { SocketGuard } from './socket_guard.ts';
import { socketVisits } from './visits.ts';

/** How often a silent socket is looked at: whether its client is still there, and may be. */
const roundMs = 5_000;

/** What somebody may send who was not let in yet: a token, and room to spare. */
const strangersBytes = 8_192;
// RFC 6455, 7.4.1.
const messageTooBig = 1009;

export interface WebsocketOptions {
  readonly access: Access;
  /** Besides our own, those whose pages may open a websocket. */
  readonly origins: readonly string[];
  /** Of one message. */
  readonly maxBytes: number;
  readonly log: Logger;
}

/**
 * A browser lets any page open a websocket to any host, and says in Origin which page it was: only our own may, and those that are
 * configured.
 */
export function installWebsockets(server: Server, serv: KoaGrafserv, options: WebsocketOptions): void {
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: options.maxBytes, handleProtocols });
  server.on('upgrade', (request, socket, head) => {
    if (!serv.shouldHandleUpgrade(request, socket, head) || isForeign(request, options.origins)) socket.destroy();
    else upgrades.handleUpgrade(request, socket, head, (opened) => attend(opened, request, serv, options));
  });
}

function isForeign({ headers: { origin, host } }: IncomingMessage, origins: readonly string[]): boolean {
  return origin !== undefined && !origins.includes(origin) && URL.parse(origin)?.host !== host;
}

function attend(socket: WebSocket, request: IncomingMessage, serv: KoaGrafserv, { access, log }: WebsocketOptions) {
  const address = clientAddress(request, access.proxies);
  const guard = new SocketGuard(
    (authorization) => access.authenticator.authenticate(authorization, address),
    (code, reason) => socket.close(code, reason),
  );
  const stopRounds = makeRounds(socket, guard);
  const letIn = boundStranger(socket, request);
  const closed = guardedServer(serv, guard, (claims) => {
    letIn();
    socketVisits.set(request, new Visit(claims, address));
  }).opened(ends(socket, log), { socket, request });
  // Such as a frame against the protocol; "close" follows. Without a listener it would end the process.
  socket.on('error', (error) => log.debug({ err: error }, 'a websocket broke'));
  socket.once('close', (code, reason) => {
    stopRounds();
    closed(code, reason.toString()).catch((error) => log.warn({ err: error }, 'a subscription did not end well'));
  });
}

/**
 * Ends the socket of who sends more than a token needs before being let in: a message is kept until it is whole, be it of megabytes. Counted where
 * it comes in, since the bound of a message is the same for all.
 * @returns what ends the watch
 */
function boundStranger(socket: WebSocket, { socket: wire }: IncomingMessage): () => void {
  let left = strangersBytes;
  const count = (piece: Buffer) => {
    left -= piece.length;
    if (left >= 0) return;
    wire.off('data', count);
    socket.close(messageTooBig, 'Sign in first');
    // Nobody waits for the rest of it, nor for an answer to the close.
    wire.destroySoon();
  };
  wire.on('data', count);
  return () => wire.off('data', count);
}

type Admitted = (claims: Awaited<ReturnType<SocketGuard['admit']>>) => unknown;

/** Grafserv's own, with the guard asked first. */
function guardedServer(serv: KoaGrafserv, guard: SocketGuard, admitted: Admitted) {
  const config = makeGraphQLWSConfig(serv);
  return makeServer({
    ...config,
    onConnect: async ({ connectionParams }) => {
      admitted(await guard.admit(connectionParams));
    },
    onSubscribe: async (...asked) => {
      await guard.look();
      return config.onSubscribe?.(...asked);
    },
    onNext: async (...event) => {
      await guard.look();
      return config.onNext?.(...event);
    },
  });
}

/** The socket as graphql-ws wants it. What comes for, or from, one that is closed already goes nowhere. */
function ends(socket: WebSocket, log: Logger): Parameters<ReturnType<typeof makeServer>['opened']>[0] {
  return {
    protocol: socket.protocol,
    send: (data) => (isOpen(socket) ? sent(socket, data) : undefined),
    close: (code, reason) => socket.close(code ?? CloseCode.InternalServerError, reason ?? ''),
    onMessage: (handle) =>
      socket.on('message', (data) => {
        if (isOpen(socket)) handle(data.toString()).catch((error) => fail(socket, error, log));
      }),
  };
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === socket.OPEN;
}

function sent(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve, reject) => socket.send(data, (error) => (error ? reject(error) : resolve())));
}

function fail(socket: WebSocket, error: unknown, log: Logger): void {
  if (!isOpen(socket)) return;
  log.warn({ err: error }, 'a message on a websocket could not be answered');
  socket.close(CloseCode.InternalServerError, 'Internal server error');
}

function makeRounds(socket: WebSocket, guard: SocketGuard): () => void {
  let isThere = true;
  socket.on('pong', () => {
    isThere = true;
  });
  const rounds = setInterval(() => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
    guard.look().catch(() => {});
  }, roundMs);
  return () => clearInterval(rounds);
}
