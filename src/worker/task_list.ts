import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedCronItem, parseCrontab, type TaskList } from 'graphile-worker';
import type { PoolKind } from '../database/pools/register_pool.ts';
import { projectDir } from '../database/server.ts';
import type { WorkerContext } from './context.ts';

/** The jobs a runner of this kind takes, by their identifiers. Only their code is loaded: a runner that sends needs no templates. */
export async function tasksFor(kind: PoolKind, context: WorkerContext): Promise<TaskList> {
  if (kind === 'send') {
    const { send } = await import('../tasks/send.ts');
    return { send: send(context) };
  }
  const { otherTasks } = await import('../tasks/other_tasks.ts');
  return otherTasks(context);
}

/** What the root's crontab says, for the runner that keeps it. */
export function crontabFor(kind: PoolKind): ParsedCronItem[] {
  return kind === 'send' ? [] : parseCrontab(readFileSync(join(projectDir, 'crontab'), 'utf8'));
}
