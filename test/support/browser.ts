// A real browser for what recipients see. playwright-core brings none along: the system's is used, or Debian's installed where that may be done.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
// The fonts, too: without them Chinese is drawn as boxes.
const packages = ['chromium', 'fonts-noto-cjk'];
const advice = `no browser was found; install one (apt-get install ${packages.join(' ')}) or set CHROMIUM_PATH`;

/** @throws Error in one line, with what to do, when there is no browser and none may be installed. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = (await findBrowser()) ?? (await installBrowser());
  // Chromium's sandbox doesn't start as root.
  return chromium.launch({ executablePath, chromiumSandbox: !isRoot() });
}

/** CHROMIUM_PATH counts alone: who sets it means that browser. */
async function findBrowser(): Promise<string | null> {
  const given = process.env['CHROMIUM_PATH'];
  return given ? existing([given]) : existing(onPath(names));
}

async function installBrowser(): Promise<string> {
  if (process.env['CHROMIUM_PATH'] || !isRoot() || (await existing(onPath(['apt-get']))) === null)
    throw new Error(advice);
  const run = promisify(execFile);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
  } catch (cause) {
    throw new Error(advice, { cause });
  }
  const installed = await findBrowser();
  if (installed === null) throw new Error(advice);
  return installed;
}

function onPath(programs: readonly string[]): string[] {
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return programs.flatMap((program) => directories.map((directory) => join(directory, program)));
}

/** The first that may be run. */
async function existing(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
