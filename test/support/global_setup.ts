import { type OwnCluster, openCluster } from './cluster.ts';
import { clusterKey } from './database.ts';

let cluster: OwnCluster | undefined;

/** Test processes find the cluster in their environment, which they inherit from this one. */
export async function globalSetup(): Promise<void> {
  cluster = await openCluster();
  process.env[clusterKey] = JSON.stringify(cluster);
}

export async function globalTeardown(): Promise<void> {
  const left = (await cluster?.close()) ?? [];
  if (left.length > 0) console.warn(`tests left ${left.length} database(s) open`);
}
