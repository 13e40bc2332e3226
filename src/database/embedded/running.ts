import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './places.ts';
import { commandOf, isAlive } from './processes.ts';

/** A server that runs on a data directory, as its postmaster.pid and its command line tell. */
export interface Running {
  pid: number;
  port: number;
  /** It takes connections. */
  ready: boolean;
  /** The process that started it is still there, or it was started by other means than ours. */
  owned: boolean;
}

/** The server that runs on this data, if one does. */
export function findRunning(place: Place): Running | undefined {
  const lines = linesOf(lockFile(place));
  const pid = Number(lines[0]);
  const command = serverCommand(place, pid);
  if (command === undefined) return undefined;
  const owner = /postilion\.owner=(\S+)/.exec(command)?.[1];
  return {
    pid,
    port: Number(lines[3]),
    ready: lines[7]?.trim() === 'ready',
    owned: owner === undefined || isAlive(owner),
  };
}

/** The command line of a process when it is a server on this data. */
function serverCommand(place: Place, pid: number): string | undefined {
  const command = pid > 0 ? commandOf(pid) : undefined;
  return `${command} `.includes(` -D ${place.data} `) ? command : undefined;
}

function lockFile(place: Place): string {
  return join(place.data, 'postmaster.pid');
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * Removes lock files of a server that is gone when another program has its pid by now: PostgreSQL sees through a pid
 * that is free, not through one that was given away, as after a reboot.
 */
export function healLocks(place: Place): void {
  const sockets = readdirSync(place.dir).filter((name) => /^\.s\.PGSQL\.\d+\.lock$/.test(name));
  for (const path of [lockFile(place), ...sockets.map((name) => join(place.dir, name))]) healLock(path, place);
}

function healLock(path: string, place: Place): void {
  const pid = Number(linesOf(path)[0]);
  if (pid > 0 && serverCommand(place, pid) === undefined) removeIfOf(path, pid);
}

// Moved aside, then looked at again: another start may have healed the file, and its server written a new one, meanwhile.
function removeIfOf(path: string, pid: number): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (Number(linesOf(aside)[0]) !== pid) linkSync(aside, path);
  rmSync(aside);
}
