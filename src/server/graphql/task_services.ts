// Task.services, from the counters. Which numbers of a service are asked for is known only when all fields of a request are planned, so the
// expression beside the Task's own columns is made last, and reads no others: with all of them a list of Tasks took a quarter longer.
import { PgSelectSingleStep, TYPES } from 'postgraphile/@dataplan/pg';
import { type AccessStep, access, lambda, Step, UnbatchedStep } from 'postgraphile/grafast';
import { type SQL, sql } from 'postgraphile/pg-sql2';
import { extendSchema, gql } from 'postgraphile/utils';
import { resourceNamed } from './resources.ts';
import { linesOf, meanAnswerMs, mostServices, type ServiceColumn, type ServiceLine } from './service_lines.ts';

const typeDefs = gql`
  extend type Task {
    "What each service did for it, the busiest first; a thousand services at most."
    services: [TaskService!]!
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

/** A list that learns which columns its items are asked for, and becomes an expression of the Task's statement that reads these. */
class TaskServicesStep extends Step<readonly ServiceLine[]> {
  // What lines are told apart and ordered by.
  readonly #columns: ServiceColumn[] = ['service_id', 'sent'];

  constructor($task: PgSelectSingleStep) {
    super();
    this.addDependency($task);
  }

  listItem($line: Step<ServiceLine>): TaskServiceStep {
    return new TaskServiceStep(this, $line);
  }

  /** @returns its place in each line */
  read(column: ServiceColumn): number {
    const place = this.#columns.indexOf(column);
    return place < 0 ? this.#columns.push(column) - 1 : place;
  }

  // Dependents come first: whoever reads a column has said so by now.
  override optimize(): Step<readonly ServiceLine[]> {
    const $task = this.getDep(0);
    if (!($task instanceof PgSelectSingleStep)) throw new Error(`services of ${$task}, which is no row`);
    return lambda($task.select(columnsOf($task.getClassStep().alias, this.#columns), TYPES.json), linesOf, true);
  }

  override execute(): never {
    throw new Error('it was to become an expression');
  }
}

/** Says which of its columns are read. */
class TaskServiceStep extends UnbatchedStep<ServiceLine> {
  override isSyncAndSafe = true;
  readonly #services: TaskServicesStep;

  constructor($services: TaskServicesStep, $line: Step<ServiceLine>) {
    super();
    this.#services = $services;
    this.addDependency($line);
  }

  get(column: ServiceColumn): AccessStep<unknown> {
    return access(this, this.#services.read(column));
  }

  override optimize(): Step<ServiceLine> {
    return this.getDep(0);
  }

  override unbatchedExecute(_extra: unknown, line: ServiceLine): ServiceLine {
    return line;
  }
}

/** Two lines each, what is folded and what is not. */
const mostLines = sql.literal(2 * mostServices);

// The names are looked up once for the whole statement: joined to each Task's numbers they were a tenth of what a list took.
const names = sql`(select jsonb_object_agg(s.id, s.name) from app_public.email_services s)`;

// Arrays, since a JSON value is made of each argument by itself: its type is looked up again each time.
const columnsOf = (task: SQL, columns: readonly ServiceColumn[]): SQL => sql`(
  select json_build_array(${sql.join(
    columns.map((column) => sql`array_agg(${columnOf(column)})`),
    ', ',
  )})
    from (select * from app_hidden.task_service_number_parts n where n.task_id = ${task}.id limit ${mostLines}) as n)`;

const columnOf = (column: ServiceColumn): SQL =>
  column === 'name' ? sql`${names} ->> n.service_id::text` : sql`n.${sql.identifier(column)}`;

export const TaskServicesPlugin = extendSchema((build) => {
  const emailServices = resourceNamed(build, 'email_services');
  return {
    typeDefs,
    objects: {
      Task: {
        plans: { services: ($task: PgSelectSingleStep) => new TaskServicesStep($task) },
      },
      TaskService: {
        plans: {
          service: ($service: TaskServiceStep) => emailServices.get({ id: $service.get('service_id') }),
          serviceId: ($service: TaskServiceStep) => $service.get('service_id'),
          meanAnswerMs: ($service: TaskServiceStep) =>
            lambda([$service.get('answers'), $service.get('answer_ms')], meanAnswerMs, true),
        },
      },
    },
  };
}, 'PostilionTaskServicesPlugin');
