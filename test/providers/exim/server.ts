// One exim in the foreground, in a temporary directory, as an ordinary user: our own, or, for root, the one that owns nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { answers } from '../../support/answers.ts';
import { eventually } from '../../support/eventually.ts';
import { aFreePort } from '../../support/free_port.ts';
import { configuration, type Place } from './configuration.ts';
import type { EximProgram } from './program.ts';

export interface Exim {
  readonly port: number;
  /** The maildir that everything else is delivered into. */
  readonly maildir: string;
  /** The mail with this Message-ID as it was delivered, once it has been. Line ends are the maildir's: LF. */
  delivered(messageId: string): Promise<string>;
  /** Ends the daemon; what talks to a client goes on. */
  stop(): Promise<void>;
  /** The same, and when the last client is gone the directory, too. */
  close(): Promise<void>;
}

const NOBODY = 65_534;

/** @param relayPort of 127.0.0.1, where mail for RELAYED_DOMAIN is passed on to */
export async function startExim(program: EximProgram, relayPort: number | null = null): Promise<Exim> {
  const place = await prepare(program, relayPort);
  const daemon = spawn(place.program, ['-C', join(place.directory, 'configuration'), '-bdf'], {
    env: environment(program, place.directory),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot() ? { uid: place.uid, gid: place.gid } : {}),
  });
  // Its children share its standard error: "close" comes when the last of them is gone. They would make a log, and its directory, anew.
  const gone = once(daemon.stderr, 'close');
  const complaints = text(daemon.stderr);
  const close = async () => {
    await end(daemon);
    await gone;
    await rm(place.directory, { recursive: true, force: true });
  };
  try {
    await listening(daemon, place.port);
  } catch (error) {
    await close();
    throw new Error(`exim ended: ${await complaints}`, { cause: error });
  }
  const maildir = join(place.directory, 'mail');
  return {
    port: place.port,
    maildir,
    delivered: (id) => delivered(join(maildir, 'new'), id),
    stop: () => end(daemon),
    close,
  };
}

async function prepare({ path }: EximProgram, relayPort: number | null): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), 'postilion-exim-'));
  const [uid, gid] = isRoot() ? [NOBODY, NOBODY] : [process.getuid?.() ?? NOBODY, process.getgid?.() ?? NOBODY];
  const place = { directory, program: join(directory, 'exim4'), port: await aFreePort(), relayPort, uid, gid };
  // A copy is not setuid: this exim has no more rights than its user, and believes the configuration it is given.
  await copyFile(path, place.program);
  await chmod(place.program, 0o755);
  await writeFile(join(directory, 'configuration'), configuration(place));
  await writeFile(join(directory, 'passwd'), `root:x:0:0::/:/bin/false\nDebian-exim:x:${uid}:${gid}::/:/bin/false\n`);
  await writeFile(join(directory, 'group'), `root:x:0:\nDebian-exim:x:${gid}:\n`);
  for (const name of ['spool', 'log', 'mail']) await mkdir(join(directory, name));
  for (const name of ['', 'spool', 'log', 'mail']) await chown(join(directory, name), uid, gid);
  return place;
}

/** An exim that is not installed finds its libraries, and a user called as its package's, in files. */
function environment({ libraries }: EximProgram, directory: string): NodeJS.ProcessEnv {
  if (libraries.length === 0) return {};
  return {
    LD_LIBRARY_PATH: libraries.join(delimiter),
    LD_PRELOAD: 'libnss_wrapper.so',
    NSS_WRAPPER_PASSWD: join(directory, 'passwd'),
    NSS_WRAPPER_GROUP: join(directory, 'group'),
  };
}

async function listening(daemon: ChildProcess, port: number): Promise<void> {
  const state = async () => {
    if (daemon.exitCode !== null || daemon.signalCode !== null) return 'ended';
    return (await answers(port)) ? 'listening' : 'starting';
  };
  const reached = await eventually(state, (now) => now !== 'starting');
  if (reached === 'ended') throw new Error(`exit code ${daemon.exitCode}, signal ${daemon.signalCode}`);
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  daemon.kill();
  await ended;
}

async function delivered(folder: string, messageId: string): Promise<string> {
  const mail = await eventually(
    async () => (await mails(folder)).find((text) => text.includes(`\nMessage-ID: <${messageId}>\n`)),
    (found) => found !== undefined,
  );
  return mail ?? '';
}

async function mails(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
