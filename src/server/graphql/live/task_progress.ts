// taskProgress: a Task as it is now, and again whenever its numbers or state change.
import { access } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { z } from 'zod';
import { Fault } from '../../errors.ts';
import { resourceNamed } from '../resources.ts';
import { hear, type Read, type Subject, told } from './hear.ts';
import { since } from './since.ts';

const moments = z.tuple([z.object({ sequence: z.number(), at: z.string() })]);

interface TaskMoment {
  readonly taskId: string;
  readonly sequence: number;
  readonly at: string;
}

export const TaskProgressPlugin = extendSchema((build) => {
  const tasks = resourceNamed(build, 'tasks');
  return {
    typeDefs: gql`
      extend type Subscription {
        """
        The Task as it is now, then again after each change, at most about once a second. Stays open until the client ends it, or may not see the
        Task any more (NTFND). The same at one moment: task(id) with its sequence.
        """
        taskProgress(taskId: UUID!): TaskProgress
      }

      "A Task at one moment."
      type TaskProgress {
        "Read when this event was made."
        task: Task
        "The Task's own number, no higher than that of what stands in task. Changes that came close together share an event, so it may grow by more than one."
        sequence: Int!
        at: Datetime!
      }
    `,
    objects: {
      Subscription: {
        plans: {
          taskProgress: {
            subscribePlan: (_$root, args) => hear(tasks.executor, args.getRaw('taskId'), subjectOf),
            plan: told,
          },
        },
      },
      TaskProgress: {
        plans: {
          task: ($moment) => tasks.get({ id: access($moment, 'taskId') }),
        },
      },
    },
  };
}, 'PostilionTaskProgressPlugin');

function subjectOf(read: Read, taskId: string): Subject<TaskMoment> {
  return { topic: `task:${taskId.toLowerCase()}`, look: (known) => since(known, taskMoment(read, taskId)) };
}

/** @throws Fault NTFND */
async function taskMoment(read: Read, taskId: string): Promise<TaskMoment> {
  const found = moments.safeParse(
    await read(
      `select app_public.tasks_sequence(t) as sequence, to_json(clock_timestamp()) as at from app_public.tasks t where t.id = $1`,
      [taskId],
    ),
  );
  if (!found.success) throw new Fault('NTFND', `taskId: there is no task ${taskId}`);
  return { taskId, ...found.data[0] };
}
