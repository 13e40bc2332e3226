// What an operator sees: the commands themselves, as processes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type HealthResult, healthResult } from '../../../src/commands/ops/examine.ts';
import { childEnvironment } from '../../../src/config.ts';
import { diagnosis } from '../../../src/database/ops/diagnosis.ts';
import { projectDir } from '../../../src/database/server.ts';
import { workerEnvironment } from '../../support/campaign.ts';

export interface Health extends HealthResult {
  readonly exitCode: number;
}

/** @param patience seconds that what mends itself is given */
export async function health(url: string, patience: number): Promise<Health> {
  const { exitCode, stdout } = await command(url, 'health', '--json', '--patience', String(patience));
  return { exitCode, ...healthResult.parse(JSON.parse(stdout)) };
}

/** What a diagnosis calls broken. */
export async function broken(url: string, taskId: string) {
  const { stdout } = await command(url, 'diagnose', taskId, '--json');
  return diagnosis.parse(JSON.parse(stdout)).faults;
}

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
}

function command(url: string, ...args: string[]): Promise<Ended> {
  const env = childEnvironment({ ...workerEnvironment, DATABASE_URL: url });
  return promisify(execFile)(process.execPath, [join(projectDir, 'src/cli.ts'), ...args], { env }).then(
    ({ stdout }) => ({ exitCode: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ exitCode: error.code, stdout: error.stdout }),
  );
}
