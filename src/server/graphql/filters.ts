// What lists can be filtered by: only what an index finds, in plain words. A list that is not named here has no filter.
import { type PgCodec, type PgCondition, sqlValueWithCodec, TYPES } from 'postgraphile/@dataplan/pg';
import type { GraphQLInputType } from 'postgraphile/graphql';
import { type SQL, sql } from 'postgraphile/pg-sql2';

type Test = 'is' | 'isOneOf' | 'beginsWith' | 'contains' | 'since' | 'before';

interface Filter {
  readonly column: string;
  readonly test: Test;
  readonly description: string;
}

const inWorkspace: Filter = { column: 'workspace_id', test: 'is', description: 'Of this workspace.' };
const address: Readonly<Record<string, Filter>> = {
  email: { column: 'email', test: 'is', description: 'This address, in lower case.' },
  emailPrefix: { column: 'email', test: 'beginsWith', description: 'Addresses that begin so, in lower case.' },
};

/** By table, then by the name of the field. */
const filters: Readonly<Record<string, Readonly<Record<string, Filter>>>> = {
  contacts: {
    ...address,
    status: { column: 'status', test: 'isOneOf', description: 'In one of these states.' },
    tag: { column: 'tags', test: 'contains', description: 'With this tag.' },
  },
  suppressions: address,
  templates: { workspaceId: inWorkspace },
  senders: { workspaceId: inWorkspace },
  tasks: {
    workspaceId: inWorkspace,
    senderId: { column: 'sender_id', test: 'is', description: 'From this sender.' },
    status: { column: 'status', test: 'isOneOf', description: 'In one of these states.' },
  },
  eventLogs: {
    since: { column: 'received_at', test: 'since', description: 'Received at this time or later.' },
    before: { column: 'received_at', test: 'before', description: 'Received before this time.' },
  },
  webhookRefusalCounts: {
    since: { column: 'hour', test: 'since', description: 'Of this hour or later.' },
    before: { column: 'hour', test: 'before', description: 'Of an hour before this time.' },
  },
};

export function isFiltered(codec: PgCodec): boolean {
  return codec.name in filters;
}

/** The fields of the filter of a table's lists. */
export function filterFields(build: GraphileBuild.Build, codec: PgCodec) {
  const fields = Object.entries(filters[codec.name] ?? {}).map(([name, filter]) => {
    const attribute = codec.attributes?.[filter.column];
    if (attribute === undefined) throw new Error(`${codec.name} has no ${filter.column} to be filtered by`);
    return [name, filterField(build, filter, attribute.codec)] as const;
  });
  return Object.fromEntries(fields);
}

function filterField(build: GraphileBuild.Build, filter: Filter, codec: PgCodec) {
  const { GraphQLList, GraphQLNonNull, GraphQLString } = build.graphql;
  const one = filter.test === 'contains' ? GraphQLString : build.getGraphQLTypeByPgCodec(codec, 'input');
  if (!build.graphql.isInputType(one)) throw new Error(`${filter.column} can not be given`);
  const type: GraphQLInputType = filter.test === 'isOneOf' ? new GraphQLList(new GraphQLNonNull(one)) : one;
  const apply = ($condition: PgCondition, value: unknown) => {
    if (value === null || value === undefined) return;
    $condition.where(conditionOf(filter, codec, $condition.alias, value));
  };
  return { type, description: filter.description, extensions: { grafast: { apply } } };
}

function conditionOf({ column, test }: Filter, codec: PgCodec, alias: SQL, value: unknown): SQL {
  const found = sql`${alias}.${sql.identifier(column)}`;
  switch (test) {
    case 'is':
      return sql`${found} = ${sqlValueWithCodec(value, codec)}`;
    case 'isOneOf':
      return isOneOf(found, codec, value);
    case 'contains':
      return sql`${found} @> array[${sqlValueWithCodec(value, TYPES.text)}]`;
    case 'since':
      return sql`${found} >= ${sqlValueWithCodec(value, codec)}`;
    case 'before':
      return sql`${found} < ${sqlValueWithCodec(value, codec)}`;
    case 'beginsWith':
      // In the order of bytes, as addresses are kept; the end of the range is the last character there is.
      return sql`(${found} >= ${sqlValueWithCodec(value, TYPES.text)} and ${found} < (${sqlValueWithCodec(value, TYPES.text)} || U&'\\+10FFFF'))`;
  }
}

function isOneOf(found: SQL, codec: PgCodec, values: unknown): SQL {
  if (!Array.isArray(values) || values.length === 0) return sql`false`;
  const given = values.map((value) => sqlValueWithCodec(value, codec));
  return sql`${found} in (${sql.join(given, ', ')})`;
}
