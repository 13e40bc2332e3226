import { hkdfSync, randomBytes } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { makePassable } from './embedded/places.ts';
import { codeOf } from './error_code.ts';
import { DatabaseUnusable } from './unusable.ts';

export interface Secret {
  /** 32 bytes: seals provider credentials. */
  encryption: Buffer;
  /** 32 bytes: signs tracking links. */
  tracking: Buffer;
  /** 32 bytes: signs access tokens. */
  access: Buffer;
}

/**
 * The keys derived from POSTILION_SECRET, or from a random secret kept in the data directory.
 * Machines that share a database need the same POSTILION_SECRET.
 * @param dataDir see `dataDirectory`; created when missing
 */
export async function loadSecret(config: Pick<Config, 'POSTILION_SECRET'>, dataDir: string): Promise<Secret> {
  const secret = config.POSTILION_SECRET ?? (await keptSecret(dataDir));
  return {
    encryption: derive(secret, 'encryption'),
    tracking: derive(secret, 'tracking'),
    access: derive(secret, 'access'),
  };
}

function derive(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'postilion', purpose, 32));
}

async function keptSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret');
  try {
    return (await readIfThere(path)) ?? (await createSecret(dataDir, path));
  } catch (cause) {
    throw new DatabaseUnusable(`the secret ${path} can not be kept (${codeOf(cause)}); set POSTILION_SECRET`, {
      cause,
    });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

// A link appears whole or not at all, and only for the first of many processes; the others read what that one wrote.
async function createSecret(dataDir: string, path: string): Promise<string> {
  await makePassable(dataDir);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeDurably(draft, randomBytes(32).toString('base64url'));
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return (await readFile(path, 'utf8')).trim();
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(`${text}\n`);
  await file.sync();
}
