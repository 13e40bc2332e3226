// What could be repaired. The mutation repair, a function of the database, carries out a plan of which it is told the hash.
import { constant, list } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { z } from 'zod';
import { repairStep } from '../../../database/ops/read_plan.ts';
import { resourceNamed } from '../resources.ts';
import { look } from './look.ts';

const one = 'select app_public.plan_of_repair($1, $2) as found';
const all = 'select app_public.plans_of_repair() as found';

const plan = z.strictObject({
  kind: z.string(),
  hash: z.string(),
  mends: z.string(),
  steps: z.array(repairStep.omit({ what: true, hash: true })),
});

export const RepairsPlugin = extendSchema((build) => {
  const { executor } = resourceNamed(build, 'tasks');
  return {
    typeDefs: gql`
      extend type Query {
        "For admins: all that could be repaired at this moment, in the order in which repairs help each other; empty: nothing. Raises FRBDN."
        repairPlans: [RepairPlan!]!
        "For admins: what one kind of repair would do at this moment. Raises NTFND, FRBDN, and BADIN naming the field."
        planRepair(
          "What is to be repaired."
          kind: RepairKind!
          "With counters: of this Task alone."
          taskId: UUID
        ): RepairPlan!
      }

      "What a repair would do."
      type RepairPlan {
        kind: RepairKind!
        "What the mutation repair carries it out by, as planHash. Another plan has another."
        hash: String!
        "What this kind of repair does, for people."
        mends: String!
        "What it would be done to; empty: there is nothing to do."
        steps: [RepairStep!]!
      }

      "One thing that a repair would do."
      type RepairStep {
        "To what: an id, or a name where there is none."
        subject: String!
        "What that is called."
        name: String!
        "To how many: mails, webhooks, counts."
        howMany: Float!
        "What was found, for people."
        says: String!
      }
    `,
    objects: {
      Query: {
        plans: {
          repairPlans: () => look(executor, all, constant([]), z.array(plan)),
          planRepair: (_$root, args) => look(executor, one, list([args.getRaw('kind'), args.getRaw('taskId')]), plan),
        },
      },
    },
  };
}, 'PostilionRepairsPlugin');
