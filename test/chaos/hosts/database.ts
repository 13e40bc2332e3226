import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchServer } from '../../../bench/support/database.ts';
import { startEmbedded } from '../../../src/database/embedded.ts';
import { projectDir } from '../../../src/database/server.ts';

/** A database server that hosts of the bridge reach, with durable commits. @returns it with an address by TCP */
export async function aServerOn(address: string): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postilion-hosts-'));
  // Started by root the server runs as another user, who must be able to enter.
  await chmod(dataDir, 0o711);
  const access = join(dataDir, 'pg_hba.conf');
  await writeFile(access, 'local all all scram-sha-256\nhost all all samenet scram-sha-256\n', { mode: 0o644 });
  const settings = { listen_addresses: address, hba_file: access };
  const server = await startEmbedded({ dataDir, projectDir, name: 'hosts', onRunning: 'refuse', settings });
  const url = new URL(server.url());
  url.hostname = address;
  url.searchParams.delete('host');
  return {
    url: url.href,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
