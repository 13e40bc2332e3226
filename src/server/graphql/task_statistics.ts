// Task.statistics and Task.services, from the counters. One expression beside the Task's own columns: a list of Tasks is one statement,
// whatever is asked of each, and reads a row or two a Task (and service) however many mails there are.
import { type PgSelectSingleStep, TYPES } from 'postgraphile/@dataplan/pg';
import { access, lambda, type Step } from 'postgraphile/grafast';
import { type SQL, sql } from 'postgraphile/pg-sql2';
import { extendSchema, gql } from 'postgraphile/utils';
import { resourceNamed } from './resources.ts';
import {
  mostServices,
  type ServiceRow,
  serviceColumns,
  servicesOf,
  statisticsColumns,
  statisticsOf,
} from './statistics.ts';

const typeDefs = gql`
  extend type Task {
    "How many mails it has, where they stand, and what became of them, at this moment."
    statistics: TaskStatistics!
    "What each service did for it, the busiest first; a thousand services at most."
    services: [TaskService!]!
  }

  "A Task in numbers of mails."
  type TaskStatistics {
    "All mails of the Task, one a recipient."
    total: Int!
    "How many mails still wait or are on their way: pending, allocated and sending."
    open: Int!
    "How many mails are in each state now; they add up to total."
    states: TaskStates!
    "How many mails ever came this far, whatever became of them since."
    funnel: TaskFunnel!
    "Shares between 0 and 1; null where there is nothing to divide by."
    rates: TaskRates!
  }

  "How many mails are in each state now."
  type TaskStates {
    "Wait for a service."
    pending: Int!
    "Claimed by a service, not begun."
    allocated: Int!
    "Being handed to the provider."
    sending: Int!
    "Accepted by the provider; nothing was heard of them since."
    sent: Int!
    "Reported as delivered, not opened."
    delivered: Int!
    "Opened, no link followed."
    opened: Int!
    "A link was followed."
    clicked: Int!
    "Came back."
    bounced: Int!
    "Refused for good, or not to be rendered."
    failed: Int!
    "Cancelled with the Task, or their address was suppressed meanwhile."
    cancelled: Int!
    "The provider may or may not have accepted them; see Task.uncertainPolicy."
    uncertain: Int!
  }

  "How many mails ever came this far, whatever became of them since."
  type TaskFunnel {
    "Accepted by the provider."
    sent: Int!
    "Reported as delivered."
    delivered: Int!
    "Opened by whomever: mail scanners and privacy proxies open mails, too."
    opened: Int!
    "Opened by a person, as far as one can tell."
    humanOpened: Int!
    "Links followed by whomever: mail scanners follow them, too."
    clicked: Int!
    "Links followed by a person, as far as one can tell."
    humanClicked: Int!
    "Came back, for good or for now."
    bounced: Int!
    "Called spam by their recipients."
    complained: Int!
    "Their recipients unsubscribed."
    unsubscribed: Int!
  }

  "Shares between 0 and 1; null where there is nothing to divide by."
  type TaskRates {
    "delivered / sent"
    delivery: Float
    "bounced / sent"
    bounce: Float
    "opened / delivered, by whomever"
    open: Float
    "humanOpened / delivered"
    humanOpen: Float
    "Opened by machines alone / delivered"
    machineOpen: Float
    "clicked / delivered, by whomever"
    click: Float
    "humanClicked / delivered"
    humanClick: Float
    "Links followed by machines alone / delivered"
    machineClick: Float
    "complained / delivered"
    complaint: Float
    "unsubscribed / delivered"
    unsubscribe: Float
  }

  "What one service did for a Task."
  type TaskService {
    "Which service; null: it was deleted."
    service: EmailService
    "Its id, even when it was deleted."
    serviceId: UUID!
    "Its name; null: it was deleted."
    name: String
    "Mails that the provider accepted."
    sent: Int!
    "Mails reported as delivered."
    delivered: Int!
    "Mails opened, by whomever."
    opened: Int!
    "Mails with a link followed, by whomever."
    clicked: Int!
    "Mails that came back, for good or for now."
    bounced: Int!
    "Mails called spam by their recipients."
    complained: Int!
    "Mails whose recipients unsubscribed."
    unsubscribed: Int!
    "Mails that stand as failed."
    failed: Int!
    "Mails that stand as uncertain."
    uncertain: Int!
    "How long the provider took to accept a mail, on average, in milliseconds; null: it accepted none."
    meanAnswerMs: Float
  }
`;

const columnsOf = (names: readonly string[]): SQL =>
  sql.join(
    names.map((name) => sql`n.${sql.identifier(name)}`),
    ', ',
  );

// Arrays, since a JSON value is made of each argument by itself: its type is looked up again each time.
const numbersOf = (task: SQL): SQL =>
  sql`(select json_agg(array[${columnsOf(statisticsColumns)}]) from app_hidden.task_number_parts n where n.task_id = ${task}.id)`;

/** Two lines each, what is folded and what is not. */
const mostLines = sql.literal(2 * mostServices);

// The names are looked up once for the whole statement: joined to each Task's numbers they were a tenth of what a list took.
const serviceNames = sql`(select jsonb_object_agg(s.id, s.name) from app_public.email_services s)`;

const serviceNumbersOf = (task: SQL): SQL => sql`(
  select json_build_array(array_agg(n.service_id), array_agg(${serviceNames} ->> n.service_id::text), json_agg(array[${columnsOf(serviceColumns)}]), array_agg(n.answer_ms))
    from (select * from app_hidden.task_service_number_parts n where n.task_id = ${task}.id limit ${mostLines}) as n)`;

export const TaskStatisticsPlugin = extendSchema((build) => {
  const emailServices = resourceNamed(build, 'email_services');
  return {
    typeDefs,
    objects: {
      Task: {
        plans: {
          statistics: ($task: PgSelectSingleStep) =>
            lambda($task.select(numbersOf($task.getClassStep().alias), TYPES.json), statisticsOf),
          services: ($task: PgSelectSingleStep) =>
            lambda($task.select(serviceNumbersOf($task.getClassStep().alias), TYPES.json), servicesOf),
        },
      },
      TaskService: {
        plans: {
          service: ($service: Step<ServiceRow>) => emailServices.get({ id: access($service, 'serviceId') }),
        },
      },
    },
  };
}, 'PostilionTaskStatisticsPlugin');
