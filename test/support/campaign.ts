// A campaign through real processes: workers, a provider over HTTP, a database.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Queryable } from '../../src/database/pool.ts';
import { seal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { createLogger } from '../../src/log.ts';
import type { SimulatorOptionsInput } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { type Supervisor, startSupervisor } from '../../src/worker/supervisor.ts';
import { aDraft, aService, one } from './scene.ts';

export const testSecret = 'a secret for tests alone, of no value to anybody';

export const workerEnvironment = { POSTILION_SECRET: testSecret, LOG_LEVEL: 'fatal' };

/** Services by name with their intervals, all accounts of one simulator. @returns their ids by name. */
export function services(
  db: pg.Pool,
  simulator: Simulator,
  intervals: Record<string, number>,
): Promise<Record<string, string>> {
  return servicesAt(db, simulator.url, intervals);
}

/** The same, for a simulator in another process. */
export async function servicesAt(
  db: pg.Pool,
  baseUrl: string,
  intervals: Record<string, number>,
): Promise<Record<string, string>> {
  const { encryption } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  const ids: Record<string, string> = {};
  for (const [name, intervalMs] of Object.entries(intervals)) {
    const id = randomUUID();
    const sealed = seal(encryption, id, { apiUser: name, apiKey: `key of ${name}` });
    ids[name] = await aService(db, { id, name, intervalMs, sealed, baseUrl, timeoutMs: 5_000 });
  }
  return ids;
}

export function simulatorFor(names: string[], options: SimulatorOptionsInput = {}): Promise<Simulator> {
  return startSimulator({ ...options, accounts: Object.fromEntries(names.map((name) => [name, `key of ${name}`])) });
}

export function supervisorOn(url: string): Supervisor {
  return startSupervisor({ url, log: createLogger({ LOG_LEVEL: 'fatal' }), environment: workerEnvironment });
}

/** A Task that begins now. @returns its id. */
export async function aScheduledTask(db: Queryable, recipients: number): Promise<string> {
  const { taskId } = await aDraft(db, { recipients });
  await db.query('select app_public.schedule_task($1)', [taskId]);
  return taskId;
}

export async function states(db: pg.Pool, taskId: string): Promise<Record<string, number>> {
  const { rows } = await db.query<{ status: string; count: number }>(
    'select status, count(*)::integer as count from app_public.sub_tasks where task_id = $1 group by status',
    [taskId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** How many rows still wait or are on their way; Infinity before the Task is generated. */
export async function open(db: pg.Pool, taskId: string): Promise<number> {
  const generated = await one<boolean>(
    db,
    'select generation_finished_at is not null from app_public.tasks where id = $1',
    [taskId],
  );
  if (!generated) return Number.POSITIVE_INFINITY;
  const { pending = 0, allocated = 0, sending = 0 } = await states(db, taskId);
  return pending + allocated + sending;
}
