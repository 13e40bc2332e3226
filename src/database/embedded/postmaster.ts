import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { serverEnvironment } from './cluster.ts';
import { endWithUs, release } from './last_will.ts';
import { explained, type OsUser } from './os_user.ts';
import type { Place } from './places.ts';
import { identityOf, signal } from './processes.ts';
import { findRunning } from './running.ts';
import { type Settings, settingsArguments } from './settings.ts';

const pollMs = 10;
const fastStopMs = 10_000;
const longestLog = 16 * 1024 * 1024;

export interface Ending {
  /** We asked for it. */
  expected: boolean;
  /** What the log says of it. */
  complaint: string;
}

/** The `postgres` process this process started. */
export interface Postmaster {
  pid: number;
  /** Settles when it has ended. */
  ended: Promise<Ending>;
  /** Ends it as `stop fast` does; after 10 s as `stop immediate`. */
  stop(): Promise<void>;
  /** Ends it as a crash does; the next start recovers. */
  crash(): Promise<void>;
}

export interface Start {
  place: Place;
  binaries: Binaries;
  user: OsUser | undefined;
  port: number;
  settings: Settings;
}

/** Starts `postgres`. In a process group of its own: the terminal's Ctrl-C must not reach it before us. */
export async function launch(start: Start): Promise<Postmaster> {
  const { place, binaries, user } = start;
  rotate(place.log);
  const log = openSync(place.log, 'a', 0o600);
  const logStart = statSync(place.log).size;
  const child = spawn(binaries.postgres, argumentsOf(start), {
    ...user,
    cwd: place.dir,
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await spawned(child, start);
  return postmaster(child, () => complaint(place.log, logStart));
}

function argumentsOf({ place, port, settings }: Start): string[] {
  return [
    ...['-D', place.data, '-p', String(port)],
    ...settingsArguments({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: place.socketDir,
      // Read from the command line by the next start, which so knows whether this server was left behind.
      'postilion.owner': identityOf(process.pid) ?? '',
      ...settings,
    }),
  ];
}

function rotate(log: string): void {
  if (existsSync(log) && statSync(log).size > longestLog) renameSync(log, `${log}.1`);
}

function spawned(child: ChildProcess, { place, binaries, user }: Start): Promise<void> {
  return new Promise((done, failed) => {
    child.once('spawn', done);
    child.once('error', (error) => failed(explained(error, [binaries.postgres, place.data], user)));
  });
}

// Unreferenced, so that it does not keep our process alive; while we wait for its end, it does.
function postmaster(child: ChildProcess, complain: () => string): Postmaster {
  const pid = child.pid ?? 0;
  let expected = false;
  const ended = new Promise<Ending>((done) => child.once('exit', () => done({ expected, complaint: complain() })));
  endWithUs(pid);
  ended.then(() => release(pid));
  child.unref();
  const end = async (how: () => Promise<unknown>) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    expected = true;
    child.ref();
    await how();
  };
  return {
    pid,
    ended,
    stop: () => end(() => stopProcess(pid, ended)),
    crash: () => end(async () => signal(pid, 'SIGQUIT') && ended),
  };
}

/** Ends a server, whoever started it. */
export async function stopProcess(pid: number, ended: Promise<unknown>): Promise<void> {
  if (!signal(pid, 'SIGINT')) return;
  const impatient = setTimeout(() => signal(pid, 'SIGQUIT'), fastStopMs);
  await ended;
  clearTimeout(impatient);
}

/** Settles when no server runs on this data any more. */
export async function untilGone(place: Place, pid: number): Promise<void> {
  while (findRunning(place)?.pid === pid) await wait(pollMs);
}

/** Settles with true when the server takes connections, with false when it is gone. */
export async function untilReady(place: Place, pid: number, ended?: Promise<unknown>): Promise<boolean> {
  let gone = false;
  ended?.then(() => {
    gone = true;
  });
  for (;;) {
    const running = findRunning(place);
    if (running?.pid === pid && running.ready) return true;
    if (gone || (ended === undefined && running?.pid !== pid)) return false;
    await wait(pollMs);
  }
}

/** What the log says about the end: its fatal lines since the start. */
function complaint(log: string, since: number): string {
  const lines = readFileSync(log).subarray(since).toString().split('\n');
  const serious = lines.filter((line) => /FATAL|PANIC|could not bind|error while loading/.test(line));
  return (serious.length > 0 ? serious : lines.slice(-2))
    .map((line) => line.replace(/^.*?(FATAL|PANIC|LOG):\s*/, ''))
    .join('; ');
}
