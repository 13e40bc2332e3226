import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { testCluster } from '../support/database.ts';

const report = z.object({
  figures: z.record(z.string(), z.object({ value: z.number(), goal: z.string(), met: z.boolean() })),
});
export type Figures = z.infer<typeof report>['figures'];

/** One of the runs of `npm run chaos`, on the tests' server. */
export async function chaos(...args: string[]): Promise<Figures> {
  const { url } = await testCluster();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(projectDir, 'test/chaos/main.ts'), ...args, '--json'],
    { env: childEnvironment({ DATABASE_URL: url, LOG_LEVEL: 'fatal' }) },
  );
  return report.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).figures;
}

/** What missed its goal, but for those that a busy machine may spoil; where anything did, all the figures: what a busy machine did shows there. */
export function unmet(figures: Figures, ...spoilt: string[]): string[] {
  const missed = Object.entries(figures).filter(([name, { met }]) => !met && !spoilt.includes(name));
  if (missed.length === 0) return [];
  const all = Object.entries(figures).map(([name, { value }]) => `${name} ${value}`);
  return [...missed.map(([name, { value, goal }]) => `${name}: ${value}, expected ${goal}`), `all: ${all.join(', ')}`];
}
