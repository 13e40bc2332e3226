// What is decided about a Task answers with the Task, whatever else there is to say. What is decided about all of them needs no input, and a
// function that needs none is no field by itself: an input without a field is no type.
import { type FieldArgs, type ObjectStep, object, type Step } from 'postgraphile/grafast';
import { extendSchema, gql, wrapPlans } from 'postgraphile/utils';
import { resourceNamed } from './resources.ts';

const typeDefs = gql`
  extend type Mutation {
    "The emergency stop, for admins: no service hands anything over after this returns, until startSending. Raises FRBDN."
    stopSending: StopSendingPayload
    "Ends stopSending, for admins. Raises FRBDN."
    startSending: StartSendingPayload
  }
  type StopSendingPayload {
    onTheWay: Int!
  }
  type StartSendingPayload {
    "How many services go on."
    count: Int!
  }
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
  const [stop, start] = [resourceNamed(build, 'stop_sending'), resourceNamed(build, 'start_sending')];
  const scope = { isMutationPayload: true } as const;
  return {
    typeDefs,
    objects: {
      PauseTaskPayload: { plans },
      CancelTaskPayload: { plans },
      Mutation: {
        plans: {
          stopSending: () => object({ onTheWay: stop.execute([], 'mutation') }),
          startSending: () => object({ count: start.execute([], 'mutation') }),
        },
      },
      StopSendingPayload: { scope },
      StartSendingPayload: { scope },
    },
  };
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
