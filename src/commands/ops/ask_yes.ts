import { createInterface } from 'node:readline/promises';
import { ConfigError } from '../../config.ts';

/**
 * Asks the person at the terminal; on standard error, so that standard output is the result's.
 * @throws ConfigError where nobody can answer
 */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new ConfigError('--yes: needed here, where nobody can be asked; --dry-run only shows the plan');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
