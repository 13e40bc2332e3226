// Whether the client keeps up. Grafast reads a subscription as fast as it yields and queues what the socket has not taken, without bound; so a
// subscription yields nothing while something waits to leave.
import { once } from 'node:events';
import type { Socket } from 'node:net';

const waiting = new WeakMap<Socket, Promise<void>>();

/** Resolves when the socket takes more, or is closed. */
export function drained(socket: Socket | null): Promise<void> {
  if (socket === null || socket.destroyed || !socket.writableNeedDrain) return Promise.resolve();
  const known = waiting.get(socket);
  if (known !== undefined) return known;
  const over = new AbortController();
  const outcome = Promise.race(['drain', 'close'].map((event) => once(socket, event, { signal: over.signal })))
    .catch(() => {})
    .then(() => {
      over.abort();
      waiting.delete(socket);
    });
  waiting.set(socket, outcome);
  return outcome;
}
