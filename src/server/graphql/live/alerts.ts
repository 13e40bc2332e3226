// alerts: what somebody should know of, as long as it is open.
import { loadOneWithPgClient } from 'postgraphile/@dataplan/pg';
import { access, constant, each } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { z } from 'zod';
import { resourceNamed } from '../resources.ts';
import { hear, type Read, type Subject, told } from './hear.ts';
import { since } from './since.ts';

const text =
  'select sequence, ids, open_count as "openCount", to_json(clock_timestamp()) as at from app_public.open_alerts()';

const answer = z.tuple([
  z.object({ sequence: z.number(), ids: z.array(z.string()), openCount: z.number(), at: z.string() }),
]);
type OpenAlerts = z.infer<typeof answer>[0];

export const AlertsPlugin = extendSchema((build) => {
  const alerts = resourceNamed(build, 'alerts');
  return {
    typeDefs: gql`
      extend type Query {
        "The open alerts that the caller may see, at this moment."
        openAlerts: OpenAlerts!
      }

      extend type Subscription {
        """
        The open alerts that the caller may see, now and again whenever one was opened, found again, acknowledged or resolved, at most about once a
        second. The same at one moment: the query openAlerts.
        """
        alerts: OpenAlerts
      }

      "Open alerts at one moment."
      type OpenAlerts {
        "Changes with every change that was announced: who knows the same number has missed nothing. It grows, except where the caller sees fewer workspaces than before."
        sequence: Int!
        at: Datetime!
        "How many are open."
        openCount: Int!
        "The gravest first, then the latest; a hundred at most."
        alerts: [Alert!]!
      }
    `,
    objects: {
      Query: {
        plans: {
          openAlerts: () =>
            loadOneWithPgClient(alerts.executor, constant(null), async (client, lookups: readonly null[]) => {
              const open = await openAlerts(client.query<unknown>({ text }).then(({ rows }) => rows));
              return lookups.map(() => open);
            }),
        },
      },
      Subscription: {
        plans: {
          alerts: {
            subscribePlan: () => hear(alerts.executor, constant(null), subjectOf),
            plan: told,
          },
        },
      },
      OpenAlerts: {
        plans: {
          alerts: ($open) => each(access<readonly string[]>($open, 'ids'), ($id) => alerts.get({ id: $id })),
        },
      },
    },
  };
}, 'PostilionAlertsPlugin');

function subjectOf(read: Read): Subject<OpenAlerts> {
  return { topic: 'alerts', look: (known) => since(known, openAlerts(read(text, []))) };
}

async function openAlerts(rows: Promise<readonly unknown[]>): Promise<OpenAlerts> {
  return answer.parse(await rows)[0];
}
