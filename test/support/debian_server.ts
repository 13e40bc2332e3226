// A PostgreSQL server of Debian's packages: with it come pg_dump and pg_restore, which the embedded one has not.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import { aFreePort } from './free_port.ts';

const run = promisify(execFile);
const home = '/usr/lib/postgresql';

export interface DebianServer {
  /** Of its database `postgres`, as the superuser. */
  readonly url: string;
  /** Runs one of PostgreSQL's programs, of the same version. */
  program(name: string, ...args: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The newest of Debian's versions; undefined: none is installed. */
export function debianBinaries(): string | undefined {
  const versions = existsSync(home) ? readdirSync(home).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(home, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** A server with data of its own on a free port of 127.0.0.1. @param settings of postgresql.conf */
export async function aDebianServer(settings: Readonly<Record<string, string>> = {}): Promise<DebianServer> {
  const bin = debianBinaries();
  if (bin === undefined)
    throw new Error('PostgreSQL is not installed: apt-get install -y --no-install-recommends postgresql');
  const dir = await mkdtemp(join(tmpdir(), 'postilion-debian-'));
  const user = await serverUser();
  await chmod(dir, 0o711);
  const data = join(dir, 'data');
  const password = join(dir, 'password');
  await writeFile(password, 'of a test', { mode: 0o600 });
  if (user !== undefined) for (const path of [dir, password]) await chown(path, user.uid, user.gid);
  const options = { cwd: dir, ...user };
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'owner', '-A', 'scram-sha-256', `--pwfile=${password}`, '-E', 'UTF8', '--locale=C.UTF-8'],
    options,
  );
  const port = await aFreePort();
  const given = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', ...settings };
  const args = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...args], { ...options, stdio: 'ignore' });
  const url = `postgres://owner:${encodeURIComponent('of a test')}@127.0.0.1:${port}/postgres`;
  await eventually(
    () =>
      run(join(bin, 'pg_isready'), ['-q', '-d', url]).then(
        () => true,
        () => false,
      ),
    (ready) => ready,
  );
  return {
    url,
    program: async (name, ...given) => void (await run(join(bin, name), given, { maxBuffer: 2 ** 26 })),
    async stop() {
      const gone = once(server, 'exit');
      server.kill('SIGINT');
      await gone;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL does not run as root. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres: apt-get install postgresql');
  return { uid: Number(uid), gid: Number(gid) };
}
