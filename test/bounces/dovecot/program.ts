// Debian's dovecot: the one that is installed, or, for root, one that apt-get installs.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Test files run beside each other, and so do their installations. */
const APT = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=1'];
const INSTALLATION_MS = 180_000;

/**
 * @returns the path of the program
 * @throws Error that says in one line what would help
 */
export async function findDovecot(): Promise<string> {
  const program = installed() ?? (await install());
  const { stdout } = await run(program, ['--version']);
  // The configuration of 2.4 is another language.
  if (!stdout.startsWith('2.3.')) throw new Error(`needs dovecot 2.3, and finds ${stdout.trim()}`);
  return program;
}

function installed(): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const programs = directories.map((directory) => join(directory, 'dovecot'));
  // The server alone speaks no IMAP; that comes in a package of its own.
  return programs.find((path) => existsSync(path) && existsSync(join(dirname(path), '../lib/dovecot/imap')));
}

async function install(): Promise<string> {
  try {
    if (process.getuid?.() !== 0) throw new Error('only root may');
    await apt('update').catch(() => {});
    await apt('install', '-y', '--no-install-recommends', 'dovecot-imapd');
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : error;
    throw new Error(`needs dovecot, which could not be installed (${reason}): apt-get install dovecot-imapd`);
  }
  const program = installed();
  if (program === undefined) throw new Error('needs dovecot: apt-get install dovecot-imapd');
  return program;
}

async function apt(...args: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['-qq', ...APT, ...args], { env, timeout: INSTALLATION_MS });
}
