import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names a living process so that a later one with the same pid is told apart: its pid and when it began.
 * Undefined when there is no such process.
 */
export function identityOf(pid: number): string | undefined {
  const begun = process.platform === 'linux' ? procStart(pid) : ps(pid, 'lstart=');
  return begun === undefined ? undefined : `${pid}:${begun.replaceAll(/\s+/g, '_')}`;
}

export function isAlive(identity: string): boolean {
  return identityOf(Number.parseInt(identity, 10)) === identity;
}

/** The command line of a process; undefined when there is none, or it is a zombie. */
export function commandOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  return readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() || undefined;
}

/** Sends a signal; false when the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

// proc(5): the 22nd field of stat. The second, the name, may hold spaces, so count from its closing bracket.
function procStart(pid: number): string | undefined {
  const stat = readProc(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, field: string): string | undefined {
  try {
    return execFileSync('ps', ['-ww', '-p', String(pid), '-o', field], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
