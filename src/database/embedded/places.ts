import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf } from '../error_code.ts';
import { DatabaseUnusable } from '../unusable.ts';

/** Where root keeps data and binaries: the server runs as another OS user, who can not enter a home of root. */
export const systemDir = '/var/lib/postilion';

/** A socket's path has room for 107 bytes, its name for 19 of them. */
const longestSocketDir = 107 - '/.s.PGSQL.65535'.length;

export const isRoot = process.getuid?.() === 0;

/** The directories of one cluster. */
export interface Place {
  /** Everything below; the secret stands beside it. */
  dir: string;
  data: string;
  password: string;
  port: string;
  settings: string;
  log: string;
  /** Empty where the path would be too long for a socket. */
  socketDir: string;
}

/**
 * Where a project keeps its embedded database and its secret: POSTILION_DATA_DIR, or `.postilion` in the project, or
 * for root a directory of its own under /var/lib/postilion, so that two checkouts do not share data.
 */
export function dataDirectory({ dataDir, projectDir }: { dataDir?: string | undefined; projectDir: string }): string {
  if (dataDir !== undefined) return resolve(dataDir);
  return isRoot ? join(systemDir, projectKey(projectDir)) : join(resolve(projectDir), '.postilion');
}

function projectKey(projectDir: string): string {
  const path = realpathSync(projectDir);
  return `${basename(path)}-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
}

export function placeOf(baseDir: string, name: string): Place {
  const dir = join(baseDir, name);
  return {
    dir,
    data: join(dir, 'data'),
    password: join(dir, 'password'),
    port: join(dir, 'port'),
    settings: join(dir, 'postilion.conf'),
    log: join(dir, 'postgres.log'),
    socketDir: Buffer.byteLength(dir) > longestSocketDir ? '' : dir,
  };
}

/** Creates a directory that others may pass through, whatever the umask is. Directories that exist are left as they are. */
export async function makePassable(dir: string): Promise<void> {
  if (existsSync(dir)) return;
  await makePassable(dirname(dir));
  try {
    await mkdir(dir);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw new DatabaseUnusable(
      `the directory ${dir} can not be created (${codeOf(error)}); set POSTILION_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server`,
      { cause: error },
    );
  }
  await chmod(dir, 0o711);
}
