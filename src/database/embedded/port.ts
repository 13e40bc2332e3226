import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const host = '127.0.0.1';

/** The kept port where it is free, else any free one. */
export async function choosePort(portFile: string): Promise<number> {
  const kept = keptPort(portFile);
  return (kept !== undefined && (await bound(kept))) || (await bound(0)) || 0;
}

function keptPort(portFile: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(portFile, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** Binds a port (0: any) for a moment; returns its number, or undefined when it is taken. */
function bound(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.on('error', () => done(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
