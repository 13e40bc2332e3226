// Where values come from: the environment, or, for secrets, a file that the environment or systemd names.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the value of a key is from; file: where it was read. */
export type Origin =
  | { readonly source: 'default' | 'environment' }
  | { readonly source: 'file'; readonly file: string };

export interface Given {
  readonly value: string;
  readonly origin: Origin;
}

export interface Fault {
  /** Of the environment, as it has to be mended: POSTILION_SECRET, or POSTILION_SECRET_FILE. */
  readonly key: string;
  readonly message: string;
}

export interface GivenValues {
  readonly values: ReadonlyMap<string, Given>;
  readonly faults: readonly Fault[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is set. An empty value counts as absent. Of each secret one source may be given: which of two holds is not for us to guess. */
export function givenValues(env: Environment, keys: readonly string[], secrets: readonly string[]): GivenValues {
  const values = new Map<string, Given>();
  const faults: Fault[] = [];
  for (const key of keys) {
    const sources = sourcesOf(env, key, secrets.includes(key));
    const [only, second] = sources;
    if (second !== undefined) faults.push(givenTwice(key, sources));
    else if (only !== undefined) take(key, only);
  }
  return { values, faults };

  function take(key: string, source: Source): void {
    const given = read(source);
    if ('fault' in given) faults.push({ key: source.name, message: given.fault });
    else values.set(key, given);
  }
}

interface Source {
  /** What gives it: a key of the environment. */
  readonly name: string;
  readonly value?: string;
  readonly file?: string;
}

export const fileKey = (key: string) => `${key}_FILE`;

function sourcesOf(env: Environment, key: string, isSecret: boolean): Source[] {
  const value = env[key];
  const sources: Source[] = value ? [{ name: key, value }] : [];
  if (!isSecret) return sources;
  const file = env[fileKey(key)];
  if (file) sources.push({ name: fileKey(key), file });
  return [...sources, ...credentialsOf(env, key).map((path) => ({ name: 'CREDENTIALS_DIRECTORY', file: path }))];
}

/** What systemd's LoadCredential= put there, under the key's name in either case. */
function credentialsOf(env: Environment, key: string): string[] {
  const directory = env['CREDENTIALS_DIRECTORY'];
  if (!directory) return [];
  return [key.toLowerCase(), key].map((name) => join(directory, name)).filter((path) => existsSync(path));
}

function read({ value, file }: Source): Given | { fault: string } {
  if (file === undefined) return { value: value ?? '', origin: { source: 'environment' } };
  try {
    // Editors and `echo` end a file with a newline that is not part of the secret.
    const value = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
    return value === '' ? { fault: `the file ${file} is empty` } : { value, origin: { source: 'file', file } };
  } catch (error) {
    return { fault: `the file ${file} can not be read (${codeOf(error)})` };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'error';
}

function givenTwice(key: string, sources: readonly Source[]): Fault {
  return { key, message: `given more than once: by ${sources.map(placeOf).join(' and by ')}; leave one of them` };
}

function placeOf({ name, file }: Source): string {
  return file === undefined ? name : `${name} (${file})`;
}

/**
 * The same environment with some keys replaced, wherever their values came from. What systemd gave is passed on by name, so that a replaced
 * value does not meet the one in the directory.
 */
export function withReplaced(env: Environment, replaced: Environment, secrets: readonly string[]): NodeJS.ProcessEnv {
  const { CREDENTIALS_DIRECTORY: _, ...rest } = env;
  const passed: NodeJS.ProcessEnv = rest;
  for (const key of secrets) {
    const [credential] = credentialsOf(env, key);
    if (credential !== undefined) passed[fileKey(key)] ??= credential;
    if (key in replaced) delete passed[fileKey(key)];
  }
  return { ...passed, ...replaced };
}
