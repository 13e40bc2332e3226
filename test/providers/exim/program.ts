// Debian's exim4: the one that is installed, or one fetched by apt-get into a cache, which changes nothing of the system.
import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface EximProgram {
  readonly path: string;
  /** Where libraries lie that came along; empty for an installed one. */
  readonly libraries: readonly string[];
}

/** Exim asks for the user that its package makes. Where there is none, this lets it see one (see server.ts). */
const PACKAGES = ['exim4-daemon-light', 'libnss-wrapper'];
const NAMES = ['exim4', 'exim'];
const STEP_MS = 120_000;
const APT = ['-qq', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=10', '-o', 'Acquire::https::Timeout=10'];

/** @returns the program, or why there is none and what would help, in a sentence. */
export async function findExim(): Promise<EximProgram | string> {
  const installed = searchPath().find(existsSync);
  if (installed !== undefined) return { path: installed, libraries: [] };
  try {
    return programIn(await cached());
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : error;
    return `needs exim4, which could not be fetched (${reason}): apt-get install exim4-daemon-light, or let apt-get reach a mirror`;
  }
}

function searchPath(): string[] {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return directories.flatMap((directory) => NAMES.map((name) => join(directory, name)));
}

function programIn(directory: string): EximProgram {
  return { path: join(directory, 'usr/sbin/exim4'), libraries: globSync(join(directory, '{usr/,}lib/*-linux-*')) };
}

// Root's home is closed to the user that exim is run as.
function cacheDirectory(): string {
  if (process.getuid?.() === 0) return '/var/cache/postilion';
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'postilion');
}

/** Whole or not there: fetched under another name, and given its own at the end. Of two that fetch at once one wins. */
async function cached(): Promise<string> {
  const directory = join(cacheDirectory(), 'exim4');
  if (existsSync(directory)) return directory;
  await mkdir(dirname(directory), { recursive: true });
  const fetched = await mkdtemp(`${directory}-`);
  try {
    await fetchInto(fetched);
    await rename(fetched, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
  return directory;
}

async function fetchInto(directory: string): Promise<void> {
  const packages = await mkdtemp(`${directory}-packages-`);
  try {
    await download(packages);
    for (const file of await readdir(packages)) {
      if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(packages, file), directory], { timeout: STEP_MS });
    }
  } finally {
    await rm(packages, { recursive: true, force: true });
  }
}

/** With the machine's own package lists, or, where it has none (as in a slim image), with lists of our own. */
async function download(into: string): Promise<void> {
  try {
    await downloadWith([], into);
  } catch {
    const own = ['-o', `Dir::State::lists=${join(into, 'lists')}`, '-o', `Dir::Cache=${join(into, 'cache')}`];
    for (const name of ['lists/partial', 'cache/archives/partial']) await mkdir(join(into, name), { recursive: true });
    await apt([...own, 'update'], into);
    await downloadWith(own, into);
  }
}

/** apt-get itself says what this machine lacks, libraries included. */
async function downloadWith(options: string[], into: string): Promise<void> {
  const plan = await apt([...options, 'install', '--simulate', '--no-install-recommends', ...PACKAGES], into);
  const missing = Array.from(plan.matchAll(/^Inst (\S+)/gm), ([, name = '']) => name);
  await apt([...options, 'download', ...missing], into);
}

async function apt(args: string[], cwd: string): Promise<string> {
  const root = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
  const { stdout } = await run('apt-get', [...APT, ...root, ...args], { cwd, timeout: STEP_MS });
  return stdout;
}
