import type { Task, TaskList } from 'graphile-worker';
import { noteCronFinish } from '../database/metrics/note_cron_finish.ts';
import type { WorkerContext } from '../worker/context.ts';

/** The same handlers, each of which says when it has finished without an error: one that never does is found by who watches. */
export function notingFinishes({ db }: Pick<WorkerContext, 'db'>, handlers: TaskList): TaskList {
  const noting = (name: string, handler: Task): Task => {
    return async (payload, helpers) => {
      await handler(payload, helpers);
      await noteCronFinish(db, name);
    };
  };
  return Object.fromEntries(
    Object.entries(handlers).flatMap(([name, handler]) =>
      handler === undefined ? [] : [[name, noting(name, handler)]],
    ),
  );
}
