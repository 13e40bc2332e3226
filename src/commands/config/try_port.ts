// Whether a server could listen, or one of ours does already.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { codeOf } from '../../database/error_code.ts';
import { failed, ok, type Trial } from './trial.ts';

const patienceMs = 3_000;

/** @param key that names the port */
export async function tryPort(key: string, host: string, port: number): Promise<Trial> {
  const name = key.toLowerCase().replaceAll('_', ' ');
  if (port === 0) return ok(name, `${key} is 0: any port that is free.`);
  const refusal = await refusalOf(host, port);
  if (refusal === null) return ok(name, `Port ${port} of ${host} is free.`);
  if (refusal === 'EADDRINUSE' && (await isOurs(host, port)))
    return ok(name, `A server of ours has port ${port} of ${host}.`);
  if (refusal === 'EADDRINUSE')
    return failed(name, `Port ${port} of ${host} is taken by another program.`, `Set ${key} to one that is free.`);
  return failed(name, `${host}:${port} can not be listened on (${refusal}).`, `Mend HOST or ${key}.`);
}

/** Why the port can't be had; null: it can. */
async function refusalOf(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

/** Our servers answer /healthz so, and nobody else's that we know of. */
async function isOurs(host: string, port: number): Promise<boolean> {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  const answer = await fetch(`http://${reached}:${port}/healthz`, { signal: AbortSignal.timeout(patienceMs) })
    .then((response) => response.text())
    .catch(() => '');
  return answer === '{"ok":true}';
}
