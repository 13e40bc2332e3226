import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `ip` with these arguments. @throws Error with what it complained of */
export async function ip(...args: string[]): Promise<string> {
  return (await run('ip', args)).stdout;
}

/** The network namespaces whose names begin so. */
export async function namespaces(prefix: string): Promise<string[]> {
  const lines = (await ip('netns', 'list')).split('\n');
  return lines.map((line) => line.split(' ')[0] ?? '').filter((name) => name.startsWith(prefix));
}
