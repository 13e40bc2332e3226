// Task.statistics, from the counters. One expression beside the Task's own columns: a list of Tasks is one statement, whatever is asked of
// each, and reads a row or two a Task however many mails there are.
import { type PgSelectSingleStep, TYPES } from 'postgraphile/@dataplan/pg';
import { lambda } from 'postgraphile/grafast';
import { type SQL, sql } from 'postgraphile/pg-sql2';
import { extendSchema, gql } from 'postgraphile/utils';
import { statisticsColumns, statisticsOf } from './statistics.ts';

const typeDefs = gql`
  extend type Task {
    "How many mails it has, where they stand, and what became of them, at this moment."
    statistics: TaskStatistics!
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
`;

const columnsOf = (names: readonly string[]): SQL =>
  sql.join(
    names.map((name) => sql`n.${sql.identifier(name)}`),
    ', ',
  );

// Arrays, since a JSON value is made of each argument by itself: its type is looked up again each time.
const numbersOf = (task: SQL): SQL =>
  sql`(select json_agg(array[${columnsOf(statisticsColumns)}]) from app_hidden.task_number_parts n where n.task_id = ${task}.id)`;

export const TaskStatisticsPlugin = extendSchema(
  {
    typeDefs,
    objects: {
      Task: {
        plans: {
          statistics: ($task: PgSelectSingleStep) =>
            lambda($task.select(numbersOf($task.getClassStep().alias), TYPES.json), statisticsOf, true),
        },
      },
    },
  },
  'PostilionTaskStatisticsPlugin',
);
