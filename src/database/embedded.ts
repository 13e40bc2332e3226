// The embedded PostgreSQL: binaries from npm, data kept between runs.
//
// It lives and dies with the process that started it. A process killed with SIGKILL leaves its server running; the
// command line of that server names its owner, so the next start sees that the owner is gone, stops the server and
// starts its own. Of several starts at once, PostgreSQL's own lock file picks the winner. Processes that attached
// lose their connections when the owner stops, as with any server that stops.
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import pg from 'pg';
import { type Binaries, installedPackage, prepareBinaries } from './embedded/binaries.ts';
import { ensureCluster, give, superuser } from './embedded/cluster.ts';
import { explained, type OsUser, obstacle, serverUser } from './embedded/os_user.ts';
import { dataDirectory, isRoot, makePassable, type Place, placeOf, systemDir } from './embedded/places.ts';
import { choosePort } from './embedded/port.ts';
import { launch, type Postmaster, stopProcess, untilGone, untilReady } from './embedded/postmaster.ts';
import { findRunning, healLocks, type Running } from './embedded/running.ts';
import { queueSettings, type Settings, settingsFile } from './embedded/settings.ts';
import { codeOf } from './error_code.ts';
import { withDatabase } from './pool.ts';
import { DatabaseUnusable } from './unusable.ts';

export { dataDirectory } from './embedded/places.ts';

export interface EmbeddedOptions {
  /** POSTILION_DATA_DIR. Absent: see `dataDirectory`. */
  dataDir?: string | undefined;
  /** The checkout, which names the data where no directory is given. */
  projectDir: string;
  /** Names the cluster inside the data directory. */
  name: string;
  /** What to do when another living process runs a server on this data. */
  onRunning: 'attach' | 'refuse';
  /** Win over ours and over the cluster's own. For tests: fsync=off on a cluster that is thrown away. */
  settings?: Settings;
  log?: ((message: string) => void) | undefined;
}

export interface EmbeddedServer {
  /** With the superuser's password. Default database: postgres. */
  url(database?: string): string;
  port: number;
  /** The directory of the cluster. */
  dataDir: string;
  /** Ends the server, or, attached to another process's server, nothing. */
  stop(): Promise<void>;
  /** Ends it as a crash does and starts it on the same port. Absent when attached. */
  restartImmediate?(): Promise<void>;
}

interface Setting {
  place: Place;
  binaries: Binaries;
  user: OsUser | undefined;
  settings: Settings;
  log: (message: string) => void;
}

// Each loss means that another start won meanwhile, so a few are enough.
const attempts = 8;

/**
 * Starts the embedded server, creating its cluster the first time.
 * @throws DatabaseUnusable, one line that names the path in the way, or the process that runs it already
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const place = placeOf(await realDirectory(options), options.name);
  const user = serverUser(place.dir);
  try {
    return await startIn(place, user, options);
  } catch (error) {
    throw error instanceof DatabaseUnusable ? error : explained(error, [place.dir], user);
  }
}

// A running server is known by the path on its command line, so there must be one way to write it.
async function realDirectory(options: EmbeddedOptions): Promise<string> {
  const dir = dataDirectory(options);
  await makePassable(dir);
  return realpath(dir);
}

async function startIn(place: Place, user: OsUser | undefined, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { onRunning, settings = {}, log = () => {} } = options;
  const base = dirname(place.dir);
  const binaries = await prepareBinaries(installedPackage(), isRoot ? [systemDir, base] : [base]);
  await ensureCluster(place, binaries, user, settings);
  const setting = { place, binaries, user, settings, log };
  for (let left = attempts; left > 0; left--) {
    const server = (await useRunning(setting, onRunning)) ?? (await start(setting, left === 1));
    if (server !== undefined) return server;
  }
  throw new DatabaseUnusable(`other starts of the embedded PostgreSQL in ${place.dir} keep getting in the way`);
}

async function useRunning(setting: Setting, onRunning: 'attach' | 'refuse'): Promise<EmbeddedServer | undefined> {
  const running = findRunning(setting.place);
  if (running === undefined) return undefined;
  if (!running.owned) return stopOrphan(setting, running);
  if (onRunning === 'refuse') throw alreadyRuns(setting.place, running);
  return (await untilReady(setting.place, running.pid)) ? attach(setting) : undefined;
}

function alreadyRuns({ dir }: Place, { pid, port }: Running): DatabaseUnusable {
  return new DatabaseUnusable(
    `the embedded PostgreSQL in ${dir} already runs (process ${pid}, port ${port || 'not yet open'}); stop the postilion that started it, or set POSTILION_DATA_DIR to another directory`,
  );
}

async function stopOrphan({ place, log }: Setting, { pid }: Running): Promise<undefined> {
  log(`stopping the embedded PostgreSQL (process ${pid}) that a killed process left behind`);
  await stopProcess(pid, untilGone(place, pid));
}

async function attach({ place }: Setting): Promise<EmbeddedServer | undefined> {
  const port = findRunning(place)?.port;
  if (port === undefined) return undefined;
  return { ...(await addressOf(place, port)), stop: async () => {} };
}

async function start(setting: Setting, last: boolean): Promise<EmbeddedServer | undefined> {
  const { place, user, settings } = setting;
  healLocks(place);
  await writeFor(user, place.settings, settingsFile({ ...queueSettings, ...settings }));
  const port = await choosePort(place.port);
  const postmaster = await launch({ ...setting, port });
  if (await untilReady(place, postmaster.pid, postmaster.ended)) return started(setting, port, postmaster);
  const { complaint } = await postmaster.ended;
  if (!last && isContention(complaint)) return undefined;
  throw startFailed(setting, complaint);
}

// Another start was faster, or the port was taken between our look at it and the server's.
function isContention(complaint: string): boolean {
  return /lock file .* already exists|pre-existing shared memory|could not bind|could not create any TCP/.test(
    complaint,
  );
}

function startFailed({ place, user }: Setting, complaint: string): DatabaseUnusable {
  const reason = obstacle(place.data, user) ?? complaint;
  return new DatabaseUnusable(`the embedded PostgreSQL in ${place.dir} does not start: ${reason} (log: ${place.log})`);
}

async function writeFor(user: OsUser | undefined, path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await give(path, user);
}

async function started(setting: Setting, port: number, first: Postmaster): Promise<EmbeddedServer> {
  const { place, log } = setting;
  await writeFor(setting.user, place.port, `${port}\n`);
  let postmaster = watched(first, log);
  return {
    ...(await addressOf(place, port)),
    stop: () => postmaster.stop(),
    async restartImmediate() {
      await postmaster.crash();
      postmaster = watched(await launch({ ...setting, port }), log);
      if (!(await untilReady(place, postmaster.pid, postmaster.ended)))
        throw startFailed(setting, (await postmaster.ended).complaint);
    },
  };
}

function watched(postmaster: Postmaster, log: (message: string) => void): Postmaster {
  postmaster.ended.then(({ expected, complaint }) => {
    if (!expected) log(`the embedded PostgreSQL ended by itself: ${complaint}`);
  });
  return postmaster;
}

// By its socket where there is one: a round trip took 45 µs instead of 60 to 86 by TCP. The port names the socket, too.
async function addressOf(place: Place, port: number): Promise<Pick<EmbeddedServer, 'url' | 'port' | 'dataDir'>> {
  const tcp = `postgres://${superuser}:${await readFile(place.password, 'utf8')}@127.0.0.1:${port}/`;
  const base = place.socketDir === '' ? tcp : `${tcp}?host=${encodeURIComponent(place.socketDir)}`;
  return { url: (database = 'postgres') => withDatabase(base, database), port, dataDir: place.dir };
}

/**
 * Creates a database unless it is there, and returns its address.
 * @param url any database of the server, as a role that may create databases
 */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, application_name: 'postilion' });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`).catch(unlessMade);
  } finally {
    await client.end();
  }
  return withDatabase(url, name);
}

// Another process created it meanwhile: 42P04 seen at once, 23505 when the two met.
function unlessMade(error: unknown): void {
  if (!['42P04', '23505'].includes(codeOf(error))) throw error;
}
