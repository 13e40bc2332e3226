// One dovecot in the foreground, in a temporary directory.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { answers } from '../../support/answers.ts';
import { eventually } from '../../support/eventually.ts';
import { aFreePort } from '../../support/free_port.ts';
import { configuration, LOGIN, type Place } from './configuration.ts';

export interface Dovecot {
  /** As `postilion bounces` takes it. */
  readonly url: string;
  /** How many are logged in. */
  clients(): Promise<number>;
  /** Ends the server; the mailbox stays. */
  stop(): Promise<void>;
  /** Once more, on the same port. */
  start(): Promise<void>;
  /** Ends it for good and removes what is its own. */
  close(): Promise<void>;
}

const run = promisify(execFile);
const NOBODY = 65_534;

/** @param maildir where it is to be served from; absent: one of its own */
export async function startDovecot(program: string, maildir?: string): Promise<Dovecot> {
  const directory = await mkdtemp(join(tmpdir(), 'postilion-dovecot-'));
  const place = await prepare(directory, maildir);
  let daemon = await started(program, place);
  return {
    url: `imap://${encodeURIComponent(LOGIN.user)}:${encodeURIComponent(LOGIN.password)}@127.0.0.1:${place.port}/INBOX`,
    clients: () => clients(program, place),
    stop: () => end(daemon),
    start: async () => {
      daemon = await started(program, place);
    },
    close: async () => {
      await end(daemon);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function prepare(directory: string, maildir = join(directory, 'mail')): Promise<Place> {
  const uid = process.getuid?.() || NOBODY;
  const gid = process.getgid?.() || NOBODY;
  const name = (...args: string[]) => execFileSync('id', args, { encoding: 'utf8' }).trim();
  const place: Place = {
    directory,
    maildir,
    port: await aFreePort(),
    uid,
    gid,
    user: name('-un', String(uid)),
    group: name('-gn', String(uid)),
  };
  for (const folder of ['run', 'state', 'home', 'mail']) await mkdir(join(directory, folder));
  for (const folder of ['', 'home', 'mail']) await chown(join(directory, folder), uid, gid);
  await writeFile(join(directory, 'configuration'), configuration(place));
  return place;
}

/** doveadm comes with dovecot, and lies beside it or in a directory of the path. */
async function clients(program: string, { directory }: Place): Promise<number> {
  const env = { ...process.env, PATH: `${dirname(program)}:${process.env['PATH']}` };
  const { stdout } = await run('doveadm', ['-c', join(directory, 'configuration'), 'who', '-1'], { env });
  return stdout.trim().split('\n').length - 1;
}

async function started(program: string, { directory, port }: Place): Promise<ChildProcess> {
  const daemon = spawn(program, ['-F', '-c', join(directory, 'configuration')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const complaints = text(daemon.stderr);
  const state = async () => {
    if (daemon.exitCode !== null || daemon.signalCode !== null) return 'ended';
    return (await answers(port)) ? 'listening' : 'starting';
  };
  if ((await eventually(state, (now) => now !== 'starting')) === 'ended') {
    throw new Error(`dovecot ended: ${await complaints}`);
  }
  return daemon;
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  daemon.kill();
  await ended;
}
