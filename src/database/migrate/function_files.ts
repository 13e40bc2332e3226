import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { MigrationFailed } from './failed.ts';

/** A file of db/functions. */
export interface FunctionFile {
  /** Inside the directory, with forward slashes: `queue/begin_send.sql`. */
  path: string;
  /** On disk, for messages. */
  fullPath: string;
  text: string;
  /** sha256 of the text. */
  hash: string;
  /** Schema-qualified names of the functions it creates. */
  names: string[];
}

/**
 * Every SQL file under a directory, by path.
 * @throws MigrationFailed when two files create the same function
 */
export async function readFunctionFiles(dir: string): Promise<FunctionFile[]> {
  const entries = await readdir(dir, { recursive: true });
  const paths = entries.filter((path) => path.endsWith('.sql')).toSorted();
  const files = await Promise.all(paths.map((path) => readFunctionFile(dir, path)));
  refuseTwins(files);
  return files;
}

async function readFunctionFile(dir: string, path: string): Promise<FunctionFile> {
  const fullPath = join(dir, path);
  const text = await readFile(fullPath, 'utf8');
  const hash = createHash('sha256').update(text).digest('hex');
  return { path: path.replaceAll(sep, '/'), fullPath, text, hash, names: createdFunctions(text) };
}

/** The names after `create function`, outside comments and function bodies. */
export function createdFunctions(text: string): string[] {
  const code = text
    .replaceAll(/\$(\w*)\$.*?\$\1\$/gs, '')
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\/\*.*?\*\//gs, '');
  const created = code.matchAll(/create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+(\w+\.\w+)\s*\(/gi);
  return [...created].map(([, name = '']) => name.toLowerCase());
}

// Each would drop the other's as an overload left behind.
function refuseTwins(files: FunctionFile[]): void {
  const owners = new Map<string, string>();
  for (const { fullPath, names } of files) {
    for (const name of names) {
      const twin = owners.get(name);
      if (twin !== undefined) throw new MigrationFailed(`${twin} and ${fullPath} both create ${name}`);
      owners.set(name, fullPath);
    }
  }
}
