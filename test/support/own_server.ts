import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/database/embedded.ts';
import { projectDir } from '../../src/database/server.ts';

export interface OwnServer {
  /** Of its database `postgres`, as the superuser. */
  readonly url: string;
  /** Ends it as a crash does and starts it again on the same port. */
  crash(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A server that may be broken, with durable commits on a real disk. */
export async function anOwnServer(): Promise<OwnServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postilion-own-'));
  // Started by root the server runs as another user, who must be able to enter.
  await chmod(dataDir, 0o711);
  const server = await startEmbedded({ dataDir, projectDir, name: 'own', onRunning: 'refuse' });
  return {
    url: server.url(),
    async crash() {
      if (server.restartImmediate === undefined) throw new Error('the server belongs to another process');
      await server.restartImmediate();
    },
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
