// The state of an installation, for people and monitors.
import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { dataDirectory } from '../../database/embedded.ts';
import { type HealthLine, healthLine, healthStates, readHealth } from '../../database/ops/read_health.ts';
import { projectDir } from '../../database/server.ts';
import { DatabaseUnusable } from '../../database/unusable.ts';
import { Fault } from '../../server/errors.ts';
import { asOperator, type Operator } from './as_operator.ts';

export const healthResult = z.strictObject({
  /** The worst of all checks. */
  state: z.enum(healthStates),
  checks: z.array(healthLine.omit({ mayPass: true })),
});

export type HealthResult = z.infer<typeof healthResult>;

export const exitCodes: Readonly<Record<HealthResult['state'], number>> = { ok: 0, warning: 1, critical: 2 };

const againMs = 1_000;

/**
 * Looks until everything that mends itself within seconds has had its time, or is well.
 * A database that can't be reached is the gravest finding, no error.
 */
export async function examine(patienceMs: number): Promise<HealthResult> {
  try {
    return resultOf(await asOperator('health', (operator) => look(operator, patienceMs)));
  } catch (error) {
    if (error instanceof DatabaseUnusable || error instanceof Fault) return resultOf([unreachable(error)]);
    throw error;
  }
}

async function look(operator: Operator, patienceMs: number): Promise<HealthLine[]> {
  const until = performance.now() + patienceMs;
  let lines = await readHealth(operator.db);
  while (lines.some(({ state, mayPass }) => mayPass && state !== 'ok') && performance.now() < until) {
    await sleep(Math.min(againMs, Math.max(until - performance.now(), 0)));
    lines = await readHealth(operator.db);
  }
  return [...lines, ...(await disk(operator))];
}

/** Known where the database is ours: its files are on this machine. */
async function disk({ server, config }: Operator): Promise<HealthLine[]> {
  if (!server.embedded) return [];
  const { bavail, blocks, bsize } = await statfs(dataDirectory({ dataDir: config.POSTILION_DATA_DIR, projectDir }));
  return [diskLine(bavail * bsize, blocks * bsize)];
}

/** Exported for its test. */
export function diskLine(freeBytes: number, totalBytes: number): HealthLine {
  const share = totalBytes === 0 ? 0 : freeBytes / totalBytes;
  const state = share < 0.03 ? 'critical' : share < 0.1 ? 'warning' : 'ok';
  return {
    name: 'disk',
    state,
    says: `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} GB are free.`,
    remedy:
      state === 'ok'
        ? ''
        : 'Make room before it is full: PostgreSQL stops then. INBOX_MONTHS and BODY_DAYS say what is kept.',
    mayPass: false,
    numbers: { freeBytes, totalBytes },
  };
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

function unreachable(error: Error): HealthLine {
  return {
    name: 'database',
    state: 'critical',
    says: `It can not be used: ${error.message}.`,
    remedy: 'Nothing is sent or lost meanwhile: workers wait and go on by themselves once it answers.',
    mayPass: false,
    numbers: {},
  };
}

function resultOf(lines: readonly HealthLine[]): HealthResult {
  const worst = Math.max(...lines.map(({ state }) => healthStates.indexOf(state)));
  return healthResult.parse({
    state: healthStates[worst],
    checks: lines.map(({ mayPass: _, ...check }) => check),
  });
}
