import { once } from 'node:events';
import { createServer } from 'node:net';
import { portOf } from '../simulator/support.ts';

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}
