// The TCP connections under our requests. A connection that is closed still delivers what was written: over a link that was cut, minutes later,
// when the link is back and another worker has long gone on. So what nobody waits for any more is reset, which throws away what is not delivered.
import https from 'node:https';
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';

/** By the TLS connection, which can not be reset itself. */
const wires = new WeakMap<Duplex, Socket>();
/** Of requests that have no answer yet. */
const waiting = new Set<Socket>();

/** Makes TLS connections whose wire is known. */
export class WiredAgent extends https.Agent {
  override createConnection(...[options, done]: Parameters<https.Agent['createConnection']>) {
    const wire = connect(wireOptions(options));
    const connection = super.createConnection({ ...options, ...{ socket: wire } }, done);
    if (connection) wires.set(connection, wire);
    return connection;
  }
}

function wireOptions({
  host,
  port,
  family,
  lookup,
}: Parameters<https.Agent['createConnection']>[0]): TcpNetConnectOpts {
  return { host: host ?? 'localhost', port: Number(port), ...(family && { family }), ...(lookup && { lookup }) };
}

/** Says that a request is written to this connection and not answered yet. @returns what says that it is over */
export function awaitAnswer(connection: Socket): () => void {
  const wire = wires.get(connection) ?? connection;
  waiting.add(wire);
  return () => waiting.delete(wire);
}

/** Closes a connection so that what was written to it and is not delivered never will be. */
export function reset(connection: Socket): void {
  const wire = wires.get(connection) ?? connection;
  if (!wire.destroyed) wire.resetAndDestroy();
}

/** For a process that ends although requests are under way. */
export function resetWaiting(): void {
  for (const wire of waiting) reset(wire);
}
