import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import { z } from 'zod';
import { createPool, type Queryable, withDatabase } from '../../src/database/pool.ts';
import { type OwnCluster, openCluster, type TestCluster } from './cluster.ts';

export const clusterKey = 'TEST_CLUSTER';

const inherited = z.object({
  url: z.string(),
  template: z.string(),
  prefix: z.string(),
  strategy: z.enum(['file_copy', 'wal_log']),
});

export interface TestDatabase {
  url: string;
  pool: pg.Pool;
  /** Drops the database, whoever is still connected. */
  close(): Promise<void>;
}

let cluster: Promise<TestCluster> | undefined;
let own: OwnCluster | undefined;
let ended = false;

// Registered while the module loads: inside a test it would belong to that test and end with it. So it runs before the
// test file's own last hooks, which may close databases that are gone by then.
after(async () => {
  await own?.close();
  ended = own !== undefined;
});

/** The run's cluster; for a test file that runs alone one of its own, until the file's tests are done. */
export function testCluster(): Promise<TestCluster> {
  cluster ??= findCluster();
  return cluster;
}

async function findCluster(): Promise<TestCluster> {
  const given = process.env[clusterKey];
  if (given !== undefined) return inherited.parse(JSON.parse(given));
  own = await openCluster();
  return own;
}

/** A database of its own, migrated, empty. Close it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return cloneOf((await testCluster()).template);
}

/** A database of its own that nothing was ever done to. Close it. */
export function createBareDatabase(): Promise<TestDatabase> {
  return cloneOf('template0');
}

async function cloneOf(template: string): Promise<TestDatabase> {
  const { url, prefix, strategy } = await testCluster();
  const name = `${prefix}${process.pid}_${randomBytes(4).toString('hex')}`;
  await maintain(url, `create database ${name} template ${template} strategy ${strategy}`);
  const own = withDatabase(url, name);
  const pool = createPool({ connectionString: own, max: 20, applicationName: 'postilion test' });
  const close = async () => {
    if (!ended) await maintain(url, `drop database ${name} with (force)`);
    await pool.end();
  };
  return { url: own, pool, close };
}

async function maintain(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Runs `work` in a transaction that is rolled back. */
export async function withTransaction<T>(pool: pg.Pool, work: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    return await work(client);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}
