import type pg from 'pg';
import { loadConfig } from '../../src/config.ts';
import { ensureDatabase, startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createPool, withDatabase } from '../../src/database/pool.ts';
import { openServer, projectDir } from '../../src/database/server.ts';

export interface BenchDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly facts: Record<string, string>;
  /** One more on the same server, for what is compared side by side. To be closed before this one. */
  beside(): Promise<BenchDatabase>;
  close(): Promise<void>;
}

export interface BenchServer {
  /** Of a database that exists, as the owner. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A migrated database of its own, dropped at the end; on the given server, that of DATABASE_URL or the embedded one. Commits are durable. */
export async function openBenchDatabase(
  given?: BenchServer,
  migrateIt: (options: { url: string }) => Promise<unknown> = migrate,
): Promise<BenchDatabase> {
  const server = given ?? (await openServerFor());
  return openOn(server, `postilion_bench_${process.pid}`, migrateIt);
}

async function openOn(
  server: BenchServer,
  name: string,
  migrateIt: (options: { url: string }) => Promise<unknown>,
): Promise<BenchDatabase> {
  const url = await ensureDatabase(server.url, name);
  await migrateIt({ url });
  const pool = createPool({ connectionString: url, applicationName: 'postilion bench', max: 20 });
  const facts = await factsOf(pool);
  const close = async () => {
    await pool.end();
    const owner = createPool({ connectionString: server.url, applicationName: 'postilion bench', max: 1 });
    await owner.query(`drop database if exists ${name} with (force)`);
    await owner.end();
    await server.stop();
  };
  const beside = () => openOn({ url: server.url, stop: async () => {} }, `${name}_beside`, migrateIt);
  return { url, pool, facts, beside, close };
}

async function openServerFor(): Promise<BenchServer> {
  const config = loadConfig();
  if (config.DATABASE_URL !== undefined) {
    const server = await openServer(config);
    return { url: withDatabase(server.url, 'postgres'), stop: () => server.stop() };
  }
  const server = await startEmbedded({
    dataDir: config.POSTILION_DATA_DIR,
    projectDir,
    name: 'bench',
    onRunning: 'attach',
  });
  return { url: server.url(), stop: () => server.stop() };
}

async function factsOf(pool: pg.Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ version: string; commit: string; fsync: string }>(
    `select current_setting('server_version') as version, current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync`,
  );
  const [row] = rows;
  return {
    postgres: `PostgreSQL ${row?.version ?? '?'}`,
    synchronous_commit: `synchronous_commit ${row?.commit ?? '?'}`,
    fsync: `fsync ${row?.fsync ?? '?'}`,
  };
}
