// A request whose client has gone away ends its statement: nobody will read the answer.

import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { PgClient, WithPgClient } from 'postgraphile/@dataplan/pg';
import { SafeError } from 'postgraphile/grafast';
import { z } from 'zod';

/** Aborts when the connection closes before the answer was written. */
export function closedSignal(response: ServerResponse): AbortSignal {
  const closed = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) closed.abort();
  });
  return closed.signal;
}

/** Runs no further statement once the signal aborts, and cancels the one that runs. */
export function cancellable<T extends PgClient>(withPgClient: WithPgClient<T>, signal: AbortSignal): WithPgClient<T> {
  const wrapped: WithPgClient<T> = (settings, work) => {
    if (signal.aborted) return Promise.reject(gone());
    return withPgClient(settings, async (client) => {
      if (signal.aborted) throw gone();
      // The connection is given back only when the cancellation is through: it must not meet the next request's statement.
      let cancelled: Promise<void> | null = null;
      const cancel = () => {
        cancelled = cancelStatement(Object(client).rawClient);
      };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await work(client);
      } finally {
        signal.removeEventListener('abort', cancel);
        await cancelled;
      }
    });
  };
  return wrapped;
}

function gone(): SafeError {
  return new SafeError('the client has gone away');
}

const cancelTarget = z.object({ host: z.string(), port: z.number(), processID: z.number(), secretKey: z.number() });

// PostgreSQL, "Frontend/Backend Protocol", Message Formats, CancelRequest.
const cancelRequestCode = 80_877_102;

/** Resolves when the server has taken note of it; a failure changes nothing, the statement ends by itself or its timeout. */
function cancelStatement(client: unknown): Promise<void> {
  const target = cancelTarget.safeParse(client);
  if (!target.success) return Promise.resolve();
  const { host, port, processID, secretKey } = target.data;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelRequestCode, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  return new Promise((resolve) => {
    socket.once('connect', () => socket.end(message));
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    socket.resume();
  });
}
