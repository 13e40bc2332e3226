// What is decided about a Task answers with the Task, whatever else there is to say.
import type { FieldArgs, ObjectStep, Step } from 'postgraphile/grafast';
import { extendSchema, gql, wrapPlans } from 'postgraphile/utils';
import { resourceNamed } from './resources.ts';

const typeDefs = gql`
  extend type PauseTaskPayload {
    task: Task
  }
  extend type CancelTaskPayload {
    task: Task
  }
`;

type Payload = ObjectStep<{ taskId: Step }>;

const TaskPayloadsPlugin = extendSchema((build) => {
  const tasks = resourceNamed(build, 'tasks');
  const plans = { task: ($payload: Payload) => tasks.get({ id: $payload.get('taskId') }) };
  return { typeDefs, objects: { PauseTaskPayload: { plans }, CancelTaskPayload: { plans } } };
}, 'PostilionTaskPayloadsPlugin');

// The functions answer with a number, which psql shows as it is; so the payload is told which Task it is about.
function told(plan: () => Payload, args: FieldArgs): Payload {
  const $payload = plan();
  $payload.set('taskId', args.getRaw(['input', 'taskId']));
  return $payload;
}

const TaskVerbsPlugin = wrapPlans(
  {
    Mutation: {
      pauseTask: (plan, _$root, args) => told(plan, args),
      cancelTask: (plan, _$root, args) => told(plan, args),
    },
  },
  { name: 'PostilionTaskVerbsPlugin' },
);

export const taskVerbPlugins = [TaskPayloadsPlugin, TaskVerbsPlugin];
