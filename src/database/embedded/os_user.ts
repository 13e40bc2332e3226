import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../error_code.ts';
import { DatabaseUnusable } from '../unusable.ts';
import { isRoot } from './places.ts';

export interface OsUser {
  uid: number;
  gid: number;
  name: string;
}

/**
 * The OS user the server runs as; undefined: our own. PostgreSQL refuses to run as root, so root hands over to the
 * owner of existing data, else to "postgres", else to a system user made for it, else to "nobody".
 */
export function serverUser(dataDir: string): OsUser | undefined {
  if (!isRoot) return undefined;
  return ownerOf(dataDir) ?? lookUp('postgres') ?? lookUp('postilion') ?? created('postilion') ?? nobody();
}

function ownerOf(dir: string): OsUser | undefined {
  if (!existsSync(dir)) return undefined;
  const { uid, gid } = statSync(dir);
  return uid === 0 ? undefined : { uid, gid, name: String(uid) };
}

function lookUp(name: string): OsUser | undefined {
  const uid = printed('id', '-u', name);
  const gid = printed('id', '-g', name);
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid), name };
}

function created(name: string): OsUser | undefined {
  printed('useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', name);
  return lookUp(name);
}

function nobody(): OsUser {
  return lookUp('nobody') ?? { uid: 65534, gid: 65534, name: 'nobody' };
}

function printed(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** Why `user` can not use `path`, in one line that names the directory in its way; undefined: nothing is seen in its way. */
export function obstacle(path: string, user: OsUser | undefined): string | undefined {
  if (user === undefined) return undefined;
  const closed = ancestors(path).find((dir) => existsSync(dir) && !mayEnter(dir, user));
  if (closed === undefined) return undefined;
  return `PostgreSQL runs as the OS user "${user.name}", who may not enter ${closed}`;
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...ancestors(parent), path];
}

function mayEnter(path: string, user: OsUser): boolean {
  const { mode, uid, gid } = statSync(path);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === user.gid ? 0o010 : 0o001)) !== 0;
}

/** A start that failed in the operating system, as one line. */
export function explained(error: unknown, paths: string[], user: OsUser | undefined): DatabaseUnusable {
  const reason = paths.map((path) => obstacle(path, user)).find((found) => found !== undefined);
  const what = reason ?? `the embedded PostgreSQL (${paths[0]}) can not be run (${codeOf(error)})`;
  return new DatabaseUnusable(
    `${what}; set POSTILION_DATA_DIR to a directory it can reach, or DATABASE_URL to a PostgreSQL server`,
    { cause: error },
  );
}
