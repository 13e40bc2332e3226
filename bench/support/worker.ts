import type pg from 'pg';
import { createLogger } from '../../src/log.ts';
import { startSupervisor } from '../../src/worker/supervisor.ts';
import { workerEnvironment } from '../../test/support/campaign.ts';
import { one } from '../../test/support/scene.ts';

/** Does some work while the worker runs as `postilion work` starts it: a supervisor and its runners, which take jobs by then. */
export async function withWorker<T>(url: string, nodeArguments: readonly string[], work: () => Promise<T>): Promise<T> {
  const environment = { ...workerEnvironment, LOG_LEVEL: 'error' };
  const worker = startSupervisor({
    url,
    log: createLogger({ LOG_LEVEL: 'error' }),
    environment,
    nodeArguments,
  });
  try {
    await worker.ready;
    return await work();
  } finally {
    await worker.stop();
  }
}

/** Has every service that may serve a Task begin. */
export async function wakeServices(pool: pg.Pool, taskId: string): Promise<void> {
  await pool.query('select app_private.wake_services_of_task($1)', [taskId]);
}

/** The process that sends. */
export function sendRunnerPid(pool: pg.Pool): Promise<number> {
  return one(pool, `select pid from app_hidden.worker_pools where kind = 'send' order by started_at desc limit 1`);
}
