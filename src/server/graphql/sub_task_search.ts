// Task.subTasks: the mails of a Task, filtered, page by page. The statement that reads the Task finds which they are, by
// app_hidden.find_sub_tasks, and reads them, with the rights of whoever asks.
import {
  listOfCodec,
  PgResource,
  type PgSelectArgumentDigest,
  type PgSelectSingleStep,
  pgSelect,
  recordCodec,
  TYPES,
} from 'postgraphile/@dataplan/pg';
import { type FieldArgs, first, lambda, type ObjectStep, object, type Step } from 'postgraphile/grafast';
import { type SQL, sql } from 'postgraphile/pg-sql2';
import { extendSchema } from 'postgraphile/utils';
import { z } from 'zod';
import { Fault } from '../errors.ts';
import { mostOfPage, pageSize, usualPage } from './page_size.ts';
import { resourceNamed } from './resources.ts';

const typeDefs = /* GraphQL */ `
  extend type Task {
    """
    Its mails, newest first; with emailPrefix in the order of addresses. A page looks at 20,000 mails at most: where few of many are looked
    for it may be short, or empty, and there be more all the same, as pageInfo says.
    """
    subTasks(
      "Which of them; absent: all."
      filter: SubTaskFilter
      "How many to read, at most ${mostOfPage}."
      first: Int = ${usualPage}
      "Where to go on: the endCursor of the page before."
      after: Cursor
    ): SubTaskConnection!
  }

  "What mails of a Task must meet: everything that is given."
  input SubTaskFilter {
    "They stand in one of these states."
    status: [SubTaskStatus!]
    "They are with this service."
    serviceId: UUID
    "They bear this error; without status, failed mails alone are looked at."
    errorCode: String
    "They go to this address."
    email: String
    "They go to an address that begins so."
    emailPrefix: String
  }

  "A page of mails of a Task."
  type SubTaskConnection {
    "The mails."
    nodes: [SubTask!]!
    "The mails, each with its place in the list."
    edges: [SubTaskEdge!]!
    "Where the page lies in the list."
    pageInfo: PageInfo!
  }

  "A mail and its place in the list."
  type SubTaskEdge {
    "Its place, for after."
    cursor: Cursor!
    "The mail."
    node: SubTask!
  }
`;

/** The page that a connection shows, and the cursor it was asked for by. */
type ConnectionStep = ObjectStep<{ page: PgSelectSingleStep; after: Step<string | null | undefined> }>;

interface Bounds {
  readonly first: string | null;
  readonly last: string | null;
  readonly walkedTo: string | null;
  readonly after: string | null | undefined;
}

// Arguments go into the statement as they are; a step between them would be made too late for it.
const filterCodec: typeof TYPES.jsonb = { ...TYPES.jsonb, toPg: filterOf };
const cursorCodec: typeof TYPES.uuid = { ...TYPES.uuid, toPg: idOf };
const sizeCodec: typeof TYPES.int = { ...TYPES.int, toPg: pageSize };
const idsCodec = listOfCodec(TYPES.uuid);
const parameters = [
  { name: 'taskId', codec: TYPES.uuid, required: true },
  { name: 'filter', codec: filterCodec, required: true },
  { name: 'after', codec: cursorCodec, required: true },
  { name: 'size', codec: sizeCodec, required: true },
] as const;

function pageOf(...[taskId, filter, after, size]: PgSelectArgumentDigest[]): SQL {
  const search = sql`coalesce(${given(filter)}, '{}') || jsonb_build_object('after_id', ${given(after)})`;
  const limit = sql`coalesce(${given(size)}, ${sql.literal(usualPage)})`;
  return sql`app_hidden.find_sub_tasks(${given(taskId)}, ${search}, ${limit})`;
}

function given(argument: PgSelectArgumentDigest | undefined): SQL {
  if (argument === undefined) throw new Error('a page is found by four arguments');
  return argument.placeholder;
}

export const SubTaskSearchPlugin = extendSchema((build) => {
  const subTasks = resourceNamed(build, 'sub_tasks');
  const { executor, registry } = subTasks;
  const pages = new PgResource(registry, {
    name: 'page',
    executor,
    codec: recordCodec({
      name: 'sub_task_page',
      executor,
      identifier: sql.identifier('app_hidden', 'sub_task_page'),
      attributes: {
        ids: { codec: idsCodec, notNull: true },
        walked_to: { codec: TYPES.uuid, notNull: false },
      },
    }),
    parameters: [...parameters],
    from: pageOf,
  });
  // Where the ids are found is part of the Task's statement, among what it selects, so that a list is cut first; so are the mails. All ids
  // are for the database alone: read as well they would be a fifth of the answer.
  const mailsOf = ($connection: ConnectionStep) => {
    const $mails = subTasks.find();
    const ids = $mails.placeholder($connection.get('page').get('ids'), idsCodec);
    const id = sql`${$mails.alias}.id`;
    $mails.where(sql`${id} = any (${ids})`);
    $mails.orderBy({ codec: TYPES.int, fragment: sql`array_position(${ids}, ${id})`, direction: 'ASC' });
    $mails.setOrderIsUnique();
    return $mails;
  };
  const boundsOf = ($connection: ConnectionStep) => {
    const $page = $connection.get('page');
    const ids = sql`${$page.getClassStep().alias}.ids`;
    return object({
      first: $page.select(sql`${ids}[1]`, TYPES.uuid),
      last: $page.select(sql`${ids}[cardinality(${ids})]`, TYPES.uuid),
      walkedTo: $page.get('walked_to'),
      after: $connection.get('after'),
    });
  };
  return {
    typeDefs,
    objects: {
      Task: {
        plans: {
          subTasks($task: PgSelectSingleStep, args: FieldArgs) {
            const $after = args.getRaw('after');
            const steps = {
              taskId: $task.get('id'),
              filter: args.getRaw('filter'),
              after: $after,
              size: args.getRaw('first'),
            };
            const $pages = pgSelect({
              resource: pages,
              identifiers: [],
              args: parameters.map(({ name, codec }) => ({ step: steps[name], pgCodec: codec })),
            });
            return object({ page: $pages.row(first($pages)), after: $after });
          },
        },
      },
      SubTaskConnection: {
        plans: {
          nodes: ($connection: ConnectionStep) => mailsOf($connection),
          edges: ($connection: ConnectionStep) => mailsOf($connection),
          pageInfo: ($connection: ConnectionStep) => lambda(boundsOf($connection), pageInfoOf),
        },
      },
      SubTaskEdge: {
        plans: {
          cursor: ($mail: PgSelectSingleStep) => lambda($mail.get('id'), cursorOf),
          node: ($mail: PgSelectSingleStep) => $mail,
        },
      },
    },
  };
}, 'PostilionSubTaskSearchPlugin');

const givenFilter = z.object({
  status: z.array(z.string()).nullish(),
  serviceId: z.string().nullish(),
  errorCode: z.string().nullish(),
  email: z.string().nullish(),
  emailPrefix: z.string().nullish(),
});

/** In the words of app_hidden.sub_task_search. */
function filterOf(filter: unknown): string {
  const { status, serviceId, errorCode, email, emailPrefix } = givenFilter.parse(filter);
  return JSON.stringify({
    statuses: status,
    service_id: serviceId,
    error_code: errorCode,
    email,
    email_prefix: emailPrefix,
  });
}

function pageInfoOf({ first, last, walkedTo, after }: Bounds) {
  const end = walkedTo ?? last;
  return {
    hasNextPage: walkedTo !== null,
    hasPreviousPage: typeof after === 'string',
    startCursor: first === null ? null : cursorOf(first),
    endCursor: end === null ? null : cursorOf(end),
  };
}

function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function idOf(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== 16) throw new Fault('BADIN', 'after: expected a cursor of this list');
  return bytes.toString('hex');
}
