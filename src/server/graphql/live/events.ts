// events: what became of a workspace's mails, as it is applied.
import { loadOneWithPgClient } from 'postgraphile/@dataplan/pg';
import { access, each, object, type Step } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { z } from 'zod';
import { resourceNamed } from '../resources.ts';
import { hear, type Read, type Subject, told } from './hear.ts';

/** A client that filters by Task gets a message without events after so many batches of others, so that its number does not grow too old. */
const longestSilence = 500;

const text =
  'select to_json(p) as page, to_json(clock_timestamp()) as at from app_public.event_page($1, $2, $3, $4) as p';

const page = z
  .object({
    since: z.number(),
    sequence: z.number(),
    is_complete: z.boolean(),
    event_ids: z.array(z.number()),
    received_at: z.array(z.string()),
  })
  .transform(({ since, sequence, is_complete, event_ids, received_at }) => ({
    since,
    sequence,
    isComplete: is_complete,
    keys: event_ids.map((id, place) => ({ id, receivedAt: received_at[place] })),
  }));
const answer = z.tuple([z.object({ page, at: z.string() }).transform(({ page, at }) => ({ ...page, at }))]);
type EventPage = z.infer<typeof answer>[0];

interface Wanted {
  readonly workspaceId: string;
  readonly taskId?: string | null;
  readonly after?: number | null;
}

export const EventsPlugin = extendSchema((build) => {
  const events = resourceNamed(build, 'mail_events');
  const wantedBy = (args: { getRaw(name: string): Step }): Step<Wanted> =>
    object({ workspaceId: args.getRaw('workspaceId'), taskId: args.getRaw('taskId'), after: args.getRaw('after') });
  return {
    typeDefs: gql`
      extend type Query {
        "Some hundred mail events that were applied after a number, the next ones; without one, the latest there are. Raises NTFND."
        eventPage(
          workspaceId: UUID!
          "Of this Task alone."
          taskId: UUID
          "The sequence of the page, or message, before."
          after: Int
        ): EventPage!
      }

      extend type Subscription {
        """
        The latest mail events of a workspace, then again those that were applied since, at most about once a second. A message whose since is not the
        sequence of the one before, or that is not complete, left something out: eventPage has it.
        """
        events(
          workspaceId: UUID!
          "Of this Task alone."
          taskId: UUID
          "The sequence of the last message before a break: what was applied since comes first."
          after: Int
        ): EventPage
      }

      "Mail events, in the order in which they were applied."
      type EventPage {
        "They were applied after this number …"
        since: Int!
        "… and up to this one, which grows with each batch that is applied in the workspace."
        sequence: Int!
        "Whether these are all of them; otherwise more came at once than is shown, or what came after since is not kept any more."
        isComplete: Boolean!
        at: Datetime!
        events: [MailEvent!]!
      }
    `,
    objects: {
      Query: {
        plans: {
          eventPage: (_$root, args) =>
            loadOneWithPgClient(events.executor, wantedBy(args), async (client, wanted: readonly Wanted[]) =>
              Promise.all(
                wanted.map((one) => eventPage(async (values) => (await client.query({ text, values })).rows, one)),
              ),
            ),
        },
      },
      Subscription: {
        plans: {
          events: {
            subscribePlan: (_$root, args) => hear(events.executor, wantedBy(args), subjectOf),
            plan: told,
          },
        },
      },
      EventPage: {
        plans: {
          events: ($page) =>
            each(access<EventPage['keys']>($page, 'keys'), ($key) =>
              events.get({ received_at: access($key, 'receivedAt'), id: access($key, 'id') }),
            ),
        },
      },
    },
  };
}, 'PostilionEventsPlugin');

function subjectOf(read: Read, wanted: Wanted): Subject<EventPage> {
  const ask = (values: unknown[]) => read(text, values);
  return {
    topic: `events:${wanted.workspaceId.toLowerCase()}`,
    async look(known) {
      const { sequence = wanted.after } = known ?? {};
      const page = await eventPage(ask, { ...wanted, after: sequence ?? null }, true);
      const isSilent = known !== null && page.keys.length === 0 && page.sequence - known.sequence < longestSilence;
      return isSilent ? null : page;
    },
  };
}

async function eventPage(
  ask: (values: unknown[]) => Promise<readonly unknown[]>,
  { workspaceId, taskId = null, after = null }: Wanted,
  latest = after === null,
): Promise<EventPage> {
  return answer.parse(await ask([workspaceId, taskId, after, latest]))[0];
}
