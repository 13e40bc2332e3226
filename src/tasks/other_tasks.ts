import type { TaskList } from 'graphile-worker';
import { cronHandlers } from '../cron/handlers.ts';
import type { WorkerContext } from '../worker/context.ts';
import { applyEvents } from './apply_events.ts';
import { changeSubTasks } from './change_sub_tasks.ts';
import { eraseContact } from './erase_contact.ts';
import { generateSubTasks } from './generate_sub_tasks.ts';
import { notingFinishes } from './noting_finishes.ts';

/** Every job but `send`, by its identifier. */
export function otherTasks(context: WorkerContext): TaskList {
  return {
    generate_sub_tasks: generateSubTasks(context),
    apply_events: applyEvents(context),
    change_sub_tasks: changeSubTasks(context),
    erase_contact: eraseContact(context),
    ...notingFinishes(context, cronHandlers(context)),
  };
}
