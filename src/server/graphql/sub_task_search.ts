// Task.subTasks: the mails of a Task, filtered, page by page. Which they are is found in the statement that reads the Task, by
// app_hidden.find_sub_tasks; a second one reads them, with the rights of whoever asks.
import { listOfCodec, type PgSelectSingleStep, TYPES } from 'postgraphile/@dataplan/pg';
import { access, type FieldArgs, lambda, object, type Step } from 'postgraphile/grafast';
import { sql } from 'postgraphile/pg-sql2';
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

interface Found {
  readonly page: { readonly ids: readonly string[]; readonly walked_to: string | null };
  readonly after: string | null | undefined;
}

// Arguments go into the Task's own statement as they are; a step between them would be made too late for it.
const filterCodec: typeof TYPES.jsonb = { ...TYPES.jsonb, toPg: filterOf };
const cursorCodec: typeof TYPES.uuid = { ...TYPES.uuid, toPg: idOf };
const sizeCodec: typeof TYPES.int = { ...TYPES.int, toPg: pageSize };
const idsCodec = listOfCodec(TYPES.uuid);
const usual = sql.literal(usualPage);

export const SubTaskSearchPlugin = extendSchema((build) => {
  const subTasks = resourceNamed(build, 'sub_tasks');
  const mailsOf = ($connection: Step) => {
    const $mails = subTasks.find();
    const ids = $mails.placeholder(access($connection, ['page', 'ids']), idsCodec);
    const id = sql`${$mails.alias}.id`;
    $mails.where(sql`${id} = any (${ids})`);
    $mails.orderBy({ codec: TYPES.int, fragment: sql`array_position(${ids}, ${id})`, direction: 'ASC' });
    $mails.setOrderIsUnique();
    return $mails;
  };
  return {
    typeDefs,
    objects: {
      Task: {
        plans: {
          subTasks($task: PgSelectSingleStep, args: FieldArgs) {
            const $tasks = $task.getClassStep();
            const $after = args.getRaw('after');
            const filter = $tasks.placeholder(args.getRaw('filter'), filterCodec);
            const after = $tasks.placeholder($after, cursorCodec);
            const size = $tasks.placeholder(args.getRaw('first'), sizeCodec);
            const search = sql`coalesce(${filter}, '{}') || jsonb_build_object('after_id', ${after})`;
            const found = sql`to_json(app_hidden.find_sub_tasks(${$tasks.alias}.id, ${search}, coalesce(${size}, ${usual})))`;
            return object({ page: $task.select(found, TYPES.json), after: $after });
          },
        },
      },
      SubTaskConnection: {
        plans: {
          nodes: ($connection) => mailsOf($connection),
          edges: ($connection) => mailsOf($connection),
          pageInfo: ($connection: Step<Found>) => lambda($connection, pageInfoOf),
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

function pageInfoOf({ page, after }: Found) {
  const [first] = page.ids;
  const last = page.walked_to ?? page.ids.at(-1);
  return {
    hasNextPage: page.walked_to !== null,
    hasPreviousPage: typeof after === 'string',
    startCursor: first === undefined ? null : cursorOf(first),
    endCursor: last === undefined ? null : cursorOf(last),
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
