// taskProgress: a Task as it is now, and again whenever its numbers or state change.
import { access, context, type GrafastSubscriber, lambda, listen, object, type Step } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { Fault } from '../errors.ts';
import type { Signal } from './mailbox.ts';
import { resourceNamed } from './resources.ts';

export const TaskProgressPlugin = extendSchema((build) => {
  const tasks = resourceNamed(build, 'tasks');
  return {
    typeDefs: gql`
      extend type Subscription {
        "The Task as it is now, then again after each change, at most about once a second. Stays open until the client ends it."
        taskProgress(taskId: UUID!): TaskProgress
      }

      "A Task at one moment."
      type TaskProgress {
        "Read when this event was made."
        task: Task
        "Counts the events of this subscription, from 0."
        sequence: Int!
        at: Datetime!
      }
    `,
    objects: {
      Subscription: {
        plans: {
          taskProgress: {
            subscribePlan(_$root, args) {
              const $taskId = args.getRaw('taskId');
              const $found = tasks.get({ id: $taskId }).get('id');
              const $listener: Step<GrafastSubscriber<Record<string, Signal>>> = context().get('listener');
              return listen($listener, lambda([$taskId, $found], topicOf));
            },
            plan($signal, args) {
              return object({
                taskId: args.getRaw('taskId'),
                sequence: access($signal, 'sequence'),
                at: access($signal, 'at'),
              });
            },
          },
        },
      },
      TaskProgress: {
        plans: {
          task: ($event) => tasks.get({ id: $event.get('taskId') }),
        },
      },
    },
  };
}, 'PostilionTaskProgressPlugin');

function topicOf([asked, found]: readonly [string, string | null]): string {
  if (found === null) throw new Fault('NTFND', `taskId: there is no task ${asked}`);
  return `task:${found}`;
}
