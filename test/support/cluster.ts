// The server tests run on: one for a whole run (global_setup.ts), or one of its own for a test file that runs alone.
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { placeOf } from '../../src/database/embedded/places.ts';
import { stopProcess, untilGone } from '../../src/database/embedded/postmaster.ts';
import { identityOf, isAlive } from '../../src/database/embedded/processes.ts';
import { findRunning } from '../../src/database/embedded/running.ts';
import { ensureDatabase, startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projectDir } from '../../src/database/server.ts';

/** What test processes inherit through the environment. */
export interface TestCluster {
  /** Of the server's maintenance database, as a superuser. */
  url: string;
  /** The database every test database is a copy of. */
  template: string;
  /** Begins the names of this run's databases. */
  prefix: string;
  /** How the template is copied fastest. Measured: in memory 15 ms by files, 220 ms through the log. */
  strategy: 'file_copy' | 'wal_log';
}

export interface OwnCluster extends TestCluster {
  /** Drops this run's databases, and with them the server where it was started for them. Returns their names. */
  close(): Promise<string[]>;
}

/** A cluster that is thrown away needs no protection from a power cut. A killed postmaster loses nothing all the same. */
export const throwAway = {
  fsync: 'off',
  // Three test files at a time, and the processes they start.
  max_connections: '400',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '64MB',
  max_wal_size: '256MB',
};

const shm = '/dev/shm';
const enoughShm = 4 * 1024 ** 3;
const dirPrefix = 'postilion-test-';
const clusterName = 'test';

/** The server of DATABASE_URL, or an embedded one of its own, with a migrated template database. */
export async function openCluster(databaseUrl = process.env.DATABASE_URL): Promise<OwnCluster> {
  const server = databaseUrl ? { url: databaseUrl, stop: async () => {} } : await startThrowAway();
  const cluster: TestCluster = {
    url: server.url,
    template: `postilion_test_template_${process.pid}`,
    prefix: `postilion_test_${process.pid}_`,
    strategy: databaseUrl ? 'wal_log' : 'file_copy',
  };
  const close = async () => {
    const left = await dropDatabases(cluster);
    await server.stop();
    return left;
  };
  try {
    await migrate({ url: await ensureDatabase(cluster.url, cluster.template) });
  } catch (error) {
    await close();
    throw error;
  }
  return { ...cluster, close };
}

/** An empty directory, in memory where there is room, that PostgreSQL's OS user can enter, too. */
export async function temporaryDir(): Promise<string> {
  const root = process.getuid?.() === 0;
  const home = (await hasShm()) ? shm : root ? '/tmp' : tmpdir();
  await sweep(home);
  const dir = await mkdtemp(join(home, `${dirPrefix}${identityOf(process.pid)}-`));
  if (root) await chmod(dir, 0o711);
  return dir;
}

async function hasShm(): Promise<boolean> {
  if (!existsSync(shm)) return false;
  const { bavail, bsize } = await statfs(shm);
  return bavail * bsize > enoughShm;
}

// A run that was killed leaves its server and its directory behind. Another user's are not ours to remove.
async function sweep(home: string): Promise<void> {
  for (const entry of await readdir(home)) {
    const maker = entry.startsWith(dirPrefix) ? entry.slice(dirPrefix.length).split('-')[0] : undefined;
    if (maker !== undefined && !isAlive(maker)) await discard(join(home, entry)).catch(() => {});
  }
}

async function discard(dir: string): Promise<void> {
  const place = placeOf(dir, clusterName);
  const running = findRunning(place);
  if (running !== undefined) await stopProcess(running.pid, untilGone(place, running.pid));
  await rm(dir, { recursive: true, force: true });
}

async function startThrowAway(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await temporaryDir();
  const options = { dataDir, projectDir, name: clusterName, settings: throwAway };
  const server = await startEmbedded({ ...options, onRunning: 'refuse' });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: server.url(), stop };
}

/** Names of databases that tests did not close. */
async function dropDatabases({ url, template, prefix }: TestCluster): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'select datname as name from pg_database where starts_with(datname, $1)',
      [prefix],
    );
    const left = rows.map(({ name }) => name);
    for (const name of [...left, template]) {
      await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    }
    return left;
  } finally {
    await client.end();
  }
}
