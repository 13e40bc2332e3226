// How much room is left for the database, as far as a worker can know: of the disk where the embedded one keeps its files, else of what the
// installation says that it may take.
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Given } from '../database/alerts/evaluate_rule.ts';
import { dataDirectory } from '../database/embedded.ts';
import { codeOf } from '../database/error_code.ts';
import { projectDir } from '../database/server.ts';

export type RoomConfig = Pick<Config, 'DATABASE_URL' | 'POSTILION_DATA_DIR' | 'DATABASE_MAX_BYTES'>;

export async function roomForDatabase(config: RoomConfig): Promise<Given> {
  const directory = await embeddedDirectory(config);
  if (directory !== null) {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  }
  return config.DATABASE_MAX_BYTES === undefined ? {} : { mostBytes: config.DATABASE_MAX_BYTES };
}

/** A runner is given the address of the embedded server like that of any other; it is ours when it has the port that ours keeps. */
async function embeddedDirectory({ DATABASE_URL, POSTILION_DATA_DIR }: RoomConfig): Promise<string | null> {
  const directory = dataDirectory({ dataDir: POSTILION_DATA_DIR, projectDir });
  if (DATABASE_URL === undefined) return directory;
  const { hostname, port } = URL.parse(DATABASE_URL) ?? {};
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return null;
  return (await keptPort(directory)) === port ? directory : null;
}

async function keptPort(directory: string): Promise<string | null> {
  try {
    return (await readFile(join(directory, 'main', 'port'), 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
