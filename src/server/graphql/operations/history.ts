// subTaskHistory: the whole life of a mail, for admins.
import { access, list } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { history } from '../../../database/ops/history.ts';
import { resourceNamed } from '../resources.ts';
import { look } from './look.ts';

const text = 'select app_public.read_sub_task_history($1) as found';

const subTaskHistory = history.transform(({ subTask, life, now }) => ({
  subTaskId: subTask.id,
  mailsToAddress: subTask.mailsToAddress,
  steps: life,
  now,
}));

export const HistoryPlugin = extendSchema((build) => {
  const subTasks = resourceNamed(build, 'sub_tasks');
  return {
    typeDefs: gql`
      extend type Query {
        "For admins: what happened to a mail, step by step. Raises NTFND, FRBDN."
        subTaskHistory(subTaskId: UUID!): SubTaskHistory!
      }

      "What happened to a mail."
      type SubTaskHistory {
        subTask: SubTask!
        "In order: moves, hand-overs, events, verdicts; the first 500 moves and the first 500 events at most."
        steps: [HistoryStep!]!
        "Where it stands, and what it waits for, for people."
        now: String!
        "How many mails there are to its address; 1,001 means more than 1,000. 0: the address was erased."
        mailsToAddress: Int!
      }

      "Something that happened to a mail."
      type HistoryStep {
        "Null: nobody knows when."
        at: Datetime
        "What it was, such as event open, or pending → sending."
        what: String!
        "The service, or whose webhook told of it; empty: neither."
        who: String!
        "What is known of it, for people."
        says: String!
      }
    `,
    objects: {
      Query: {
        plans: {
          subTaskHistory: (_$root, args) =>
            look(subTasks.executor, text, list([args.getRaw('subTaskId')]), subTaskHistory),
        },
      },
      SubTaskHistory: { plans: { subTask: ($found) => subTasks.get({ id: access($found, 'subTaskId') }) } },
    },
  };
}, 'PostilionHistoryPlugin');
