import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { say } from '../../../bench/support/report.ts';
import { ip } from './ip.ts';
import { removeNamespaces } from './network.ts';

/** Runs a command of this program in a network namespace of its own, which goes with it. Says so where this machine does not let us make one. */
export async function inHub(command: string, args: readonly string[]): Promise<void> {
  const prefix = `postilion-${process.pid}`;
  const refusal = await ip('netns', 'add', `${prefix}-hub`).then(
    () => null,
    (error: Error) => error.message.trim().split('\n').at(-1),
  );
  if (refusal !== null) {
    say(
      `skipped: this machine lets us make no network namespaces (${refusal}). It takes root, or CAP_SYS_ADMIN, and Debian's iproute2.`,
    );
    return;
  }
  try {
    const inside = [process.argv[1] ?? '', command, '--prefix', prefix, ...args];
    const child = spawn('ip', ['netns', 'exec', `${prefix}-hub`, process.execPath, ...inside], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    process.exitCode = code === 0 ? 0 : 1;
  } finally {
    await removeNamespaces(prefix);
  }
}
