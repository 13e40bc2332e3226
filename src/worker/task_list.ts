import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedCronItem, parseCrontab, type TaskList } from 'graphile-worker';
import { cronHandlers } from '../cron/handlers.ts';
import type { PoolKind } from '../database/pools/register_pool.ts';
import { projectDir } from '../database/server.ts';
import { applyEvents } from '../tasks/apply_events.ts';
import { changeSubTasks } from '../tasks/change_sub_tasks.ts';
import { generateSubTasks } from '../tasks/generate_sub_tasks.ts';
import { send } from '../tasks/send.ts';
import type { WorkerContext } from './context.ts';

/** The jobs a runner of this kind takes, by their identifiers. */
export function tasksFor(kind: PoolKind, context: WorkerContext): TaskList {
  if (kind === 'send') return { send: send(context) };
  return {
    generate_sub_tasks: generateSubTasks(context),
    apply_events: applyEvents(context),
    change_sub_tasks: changeSubTasks(context),
    ...cronHandlers(context),
  };
}

/** What the root's crontab says, for the runner that keeps it. */
export function crontabFor(kind: PoolKind): ParsedCronItem[] {
  return kind === 'send' ? [] : parseCrontab(readFileSync(join(projectDir, 'crontab'), 'utf8'));
}
