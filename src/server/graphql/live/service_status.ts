// serviceStatus: all services that the caller may see, in one message.
import { loadOneWithPgClient } from 'postgraphile/@dataplan/pg';
import { access, constant } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { z } from 'zod';
import { resourceNamed } from '../resources.ts';
import { hear, type Read, type Subject, told } from './hear.ts';
import { since } from './since.ts';

const text = `
  select to_json(clock_timestamp()) as at, coalesce(sum(sequence), 0)::integer as sequence, coalesce(json_agg(to_json(s)), '[]') as services
    from app_public.service_states() as s`;

const handOver = z
  .object({ ended_at: z.string(), outcome: z.string(), mails: z.number() })
  .transform(({ ended_at, outcome, mails }) => ({ endedAt: ended_at, outcome, mails }));

const serviceState = z
  .object({
    email_service_id: z.string(),
    activity: z.string(),
    until: z.string().nullable(),
    reason: z.string().nullable(),
    next_slot_at: z.string().nullable(),
    used_quota: z.number().nullable(),
    daily_quota: z.number().nullable(),
    in_flight: z.number().nullable(),
    sequence: z.number(),
    hand_overs: z.array(handOver).nullable(),
  })
  .transform((state) => ({
    emailServiceId: state.email_service_id,
    activity: state.activity,
    until: state.until,
    reason: state.reason,
    nextSlotAt: state.next_slot_at,
    usedQuota: state.used_quota,
    dailyQuota: state.daily_quota,
    inFlight: state.in_flight,
    sequence: state.sequence,
    handOvers: state.hand_overs,
  }));

const answer = z.tuple([z.object({ at: z.string(), sequence: z.number(), services: z.array(serviceState) })]);
type ServiceStatus = z.infer<typeof answer>[0];

export const ServiceStatusPlugin = extendSchema((build) => {
  const emailServices = resourceNamed(build, 'email_services');
  const { executor } = emailServices;
  return {
    typeDefs: gql`
      extend type Query {
        "Every service the caller may see, at this moment."
        serviceStatus: ServiceStatus!
      }

      extend type Subscription {
        "Every service the caller may see, now and again whenever something of them changed, at most about once a second. The same at one moment: the query serviceStatus."
        serviceStatus: ServiceStatus
      }

      "Services at one moment."
      type ServiceStatus {
        "Changes with every change that was announced: who knows the same number has missed nothing. It grows, except where the caller sees fewer services than before."
        sequence: Int!
        "The database's time, which decides when mails go."
        at: Datetime!
        "By name."
        services: [ServiceState!]!
      }

      "A service at one moment."
      type ServiceState {
        service: EmailService
        activity: ServiceActivity!
        "When a service that waits, is frozen or exhausted goes on; null: nobody can tell, or it does not wait."
        until: Datetime
        "Why it is frozen, in the provider's words."
        reason: String
        "The earliest time at which it may begin its next hand-over; null: it has nothing to hand over, or may not."
        nextSlotAt: Datetime
        "Mails counted against today's quota; null: it serves others too, whose mails they may be."
        usedQuota: Int
        "Mails it may send today, by its quota and its warm-up; null: any number."
        dailyQuota: Int
        "Mails claimed, or with the provider, at this moment; null: it serves others too."
        inFlight: Int
        "The number of this service's own changes."
        sequence: Int!
        "What its last turns came to, the latest first: up to twenty, known within a second; null: it serves others too."
        handOvers: [HandOver!]
      }

      "What came of a service's mails in one of its turns: of one mail where it is paced, of up to a batch where it is rated."
      type HandOver {
        endedAt: Datetime!
        "sent: accepted; failed: refused for good; pending: refused for now, or not written; uncertain: no answer; cancelled: refused for now, and its Task is cancelled."
        outcome: SubTaskStatus!
        mails: Int!
      }
    `,
    objects: {
      Query: {
        plans: {
          serviceStatus: () =>
            loadOneWithPgClient(executor, constant(null), async (client, lookups: readonly null[]) => {
              const status = await statusBy(client.query<unknown>({ text }).then(({ rows }) => rows));
              return lookups.map(() => status);
            }),
        },
      },
      Subscription: {
        plans: {
          serviceStatus: {
            subscribePlan: () => hear(executor, constant(null), subjectOf),
            plan: told,
          },
        },
      },
      ServiceState: {
        plans: {
          service: ($state) => emailServices.get({ id: access($state, 'emailServiceId') }),
        },
      },
    },
  };
}, 'PostilionServiceStatusPlugin');

function subjectOf(read: Read): Subject<ServiceStatus> {
  return { topic: 'services', look: (known) => since(known, statusBy(read(text, []))) };
}

async function statusBy(rows: Promise<readonly unknown[]>): Promise<ServiceStatus> {
  return answer.parse(await rows)[0];
}
