// health: one look at the installation, for admins.
import { constant } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { z } from 'zod';
import { healthLine, healthStates } from '../../../database/ops/read_health.ts';
import { resourceNamed } from '../resources.ts';
import { look } from './look.ts';

const text = 'select app_public.read_system_health() as found';

/** Times among the numbers are text, in JSON. */
const check = healthLine.transform(({ numbers, ...line }) => ({
  ...line,
  figures: Object.entries(numbers).map(([name, value]) => ({
    name,
    number: typeof value === 'number' ? value : null,
    time: typeof value === 'string' ? value : null,
  })),
}));

const systemHealth = z
  .object({ at: z.string(), checks: z.array(check) })
  .transform(({ at, checks }) => ({ at, checks, state: worstOf(checks.map(({ state }) => state)) }));

export const HealthPlugin = extendSchema((build) => {
  const { executor } = resourceNamed(build, 'email_services');
  return {
    typeDefs: gql`
      extend type Query {
        "For admins: how the installation is, at this moment. What postilion health tells, but for the disk, which the database does not know. Raises FRBDN."
        health: SystemHealth!
      }

      "How the installation is."
      type SystemHealth {
        "The worst of all checks."
        state: HealthState!
        "The database's time."
        at: Datetime!
        "One for each thing that was looked at."
        checks: [HealthCheck!]!
      }

      "How grave it is."
      enum HealthState {
        "As it should be."
        ok
        "To be seen to today."
        warning
        "To be seen to now."
        critical
      }

      "What one look came to."
      type HealthCheck {
        "What was looked at, such as workers."
        name: String!
        state: HealthState!
        "What was found, for people."
        says: String!
        "What to do; empty: nothing."
        remedy: String!
        "Whether a worker mends it by itself within seconds: it counts when it is still so then. Ask again."
        mayPass: Boolean!
        "What was counted, for programs."
        figures: [HealthFigure!]!
      }

      "A number, or a time; both null: there is none."
      type HealthFigure {
        "What it is, such as oldestSeconds."
        name: String!
        number: Float
        time: Datetime
      }
    `,
    objects: {
      Query: { plans: { health: () => look(executor, text, constant([]), systemHealth) } },
    },
  };
}, 'PostilionHealthPlugin');

type State = (typeof healthStates)[number];

function worstOf(states: readonly State[]): State {
  return healthStates.findLast((state) => states.includes(state)) ?? 'ok';
}
