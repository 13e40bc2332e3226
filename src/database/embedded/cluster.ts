import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../error_code.ts';
import { DatabaseUnusable } from '../unusable.ts';
import type { Binaries } from './binaries.ts';
import { explained, type OsUser } from './os_user.ts';
import type { Place } from './places.ts';
import { identityOf, isAlive } from './processes.ts';
import type { Settings } from './settings.ts';

/** The name of the superuser, who owns everything in the embedded database. */
export const superuser = 'postilion';

/** What PostgreSQL's programs see of our environment: nothing, but for English messages. */
export const serverEnvironment = { LC_ALL: 'C', PATH: '/usr/bin:/bin' };

/**
 * Creates the cluster where there is none. It is made beside its place and renamed into it when whole, so that an
 * interrupted start leaves nothing half made, and of several at once one wins and the others use its work.
 */
export async function ensureCluster(place: Place, binaries: Binaries, user: OsUser | undefined, settings: Settings) {
  if (existsSync(place.data)) return;
  const base = dirname(place.dir);
  await sweepDrafts(base, basename(place.dir));
  const draft = await makeDraft(base, basename(place.dir), user);
  try {
    await initialise(draft, binaries, user, settings);
    await rename(draft, place.dir).catch(unlessTaken);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function unlessTaken(error: unknown): void {
  if (!['EEXIST', 'ENOTEMPTY'].includes(codeOf(error))) throw error;
}

async function makeDraft(base: string, name: string, user: OsUser | undefined): Promise<string> {
  const draft = join(base, `.${name}.${identityOf(process.pid)}.${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await give(draft, user);
  } catch (cause) {
    throw new DatabaseUnusable(
      `the directory ${base} can not be written (${codeOf(cause)}); set POSTILION_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server`,
      { cause },
    );
  }
  return draft;
}

// What a start that was killed left behind.
async function sweepDrafts(base: string, name: string): Promise<void> {
  for (const entry of await readdir(base)) {
    const [, maker] = entry.startsWith(`.${name}.`) ? entry.slice(name.length + 1).split('.') : [];
    if (maker !== undefined && !isAlive(maker)) await rm(join(base, entry), { recursive: true, force: true });
  }
}

async function initialise(draft: string, binaries: Binaries, user: OsUser | undefined, settings: Settings) {
  const password = join(draft, 'password');
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await give(password, user);
  await initdb(draft, binaries, user, settings.fsync === 'off' ? ['--no-sync'] : []);
  await appendFile(join(draft, 'data', 'postgresql.conf'), "\ninclude_if_exists = '../postilion.conf'\n");
}

/** Lets the server's OS user own a file of ours. */
export async function give(path: string, user: OsUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

// The builtin locale sorts alike on every machine, and no upgrade of the system's libraries can corrupt an index.
function initdb(draft: string, binaries: Binaries, user: OsUser | undefined, more: string[]): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${superuser}`, '--auth=scram-sha-256', `--pwfile=${join(draft, 'password')}`];
  const args = [`--pgdata=${join(draft, 'data')}`, ...locale, ...access, '--no-instructions', ...more];
  return new Promise((done, failed) => {
    const child = spawn(binaries.initdb, args, { ...user, cwd: draft, env: serverEnvironment, stdio: 'pipe' });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => failed(explained(error, [binaries.initdb, draft], user)));
    child.on('close', (code) => (code === 0 ? done() : failed(initdbFailed(output, draft, binaries, user))));
  });
}

function initdbFailed(output: string, draft: string, binaries: Binaries, user: OsUser | undefined): DatabaseUnusable {
  const complaint = output.split('\n').findLast((line) => /error|fatal|not found|denied/i.test(line));
  return explained(new Error(complaint ?? output.trim()), [draft, binaries.initdb], user);
}
