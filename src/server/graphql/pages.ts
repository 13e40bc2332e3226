// Lists: a page at a time, by cursor, filtered and ordered by what an index has. No offset, which reads all that it skips.
import type { PgCodec } from 'postgraphile/@dataplan/pg';
import { constant, lambda } from 'postgraphile/grafast';
import { filterFields, isFiltered } from './filters.ts';
import { mostOfPage, pageSize, usualPage } from './page_size.ts';

/** Counting goes no further: what lies beyond is told as one more. */
const mostCounted = 10_000;

// Made by hand, see sub_task_search.ts.
const ownFilters = new Set(['SubTask']);

// What a list is ordered by where nothing else is asked for; elsewhere by its key.
const usualOrder: Readonly<Record<string, string>> = {
  contacts: 'EMAIL_ASC',
  suppressions: 'EMAIL_ASC',
  tasks: 'CREATED_AT_DESC',
  templates: 'NAME_ASC',
  senders: 'NAME_ASC',
  workspaces: 'NAME_ASC',
  emailServices: 'NAME_ASC',
  eventLogs: 'RECEIVED_AT_DESC',
  taskFiles: 'POSITION_ASC',
};

export const PagesPlugin: GraphileConfig.Plugin = {
  name: 'PostilionPagesPlugin',
  version: '1.0.0',
  after: [
    'PgConditionArgumentPlugin',
    'PgFirstLastBeforeAfterArgsPlugin',
    'PgOrderByPrimaryKeyPlugin',
    'PgAttributesPlugin',
    'PgOrderAllAttributesPlugin',
    'PgConnectionArgOrderByDefaultValuePlugin',
    'PgConnectionTotalCountPlugin',
  ],
  inflection: {
    replace: {
      conditionType: (_previous, _options, typeName) => `${typeName}${ownFilters.has(typeName) ? 'Unused' : ''}Filter`,
    },
  },
  schema: {
    globalBehavior: (behavior) => [behavior, '-resource:connection:backwards'],
    hooks: {
      GraphQLInputObjectType_fields(fields, build, { scope: { isPgCondition, pgCodec } }) {
        return isPgCondition === true && pgCodec !== undefined ? filterFields(build, pgCodec) : fields;
      },
      // Ids are random: in their order nobody reads.
      GraphQLEnumType_values(values, _build, { scope }) {
        if (scope.isPgRowSortEnum !== true) return values;
        return Object.fromEntries(
          Object.entries(values).filter(([name]) => !/^NATURAL$|(^|_)ID_(ASC|DESC)$/.test(name)),
        );
      },
      GraphQLObjectType_fields_field_args(args, _build, { scope }) {
        if (scope.isPgFieldConnection !== true) return args;
        const { offset: _offset, condition, ...others } = args;
        const codec = scope.pgFieldResource?.codec;
        if (condition === undefined || codec === undefined || !isFiltered(codec)) return others;
        return { ...others, filter: { ...condition, description: 'Which of them; absent: all.' } };
      },
      GraphQLObjectType_fields_field_args_arg(config, build, { scope }) {
        if (!scope.isPgFieldConnection) return config;
        if (scope.argName === 'orderBy') return { ...config, ...usualOrderOf(build, scope.pgFieldResource?.codec) };
        if (scope.argName !== 'first') return config;
        return {
          ...config,
          defaultValue: usualPage,
          description: `How many to read, at most ${mostOfPage}.`,
          applyPlan: (_parent, $connection, arg) => $connection.setFirst(lambda(arg.getRaw(), pageSize)),
        };
      },
      GraphQLObjectType_fields_field(config, _build, { scope }) {
        if (!scope.isPgConnectionTotalCountField) return config;
        return {
          ...config,
          description: `How many there are on all pages together, counted up to ${mostCounted}: one more stands for any more.`,
          plan($connection) {
            const $all = $connection.cloneSubplanWithoutPagination();
            $all.setFirst(constant(mostCounted + 1));
            return lambda($all.items(), (rows) => (Array.isArray(rows) ? rows.length : 0));
          },
        };
      },
    },
  },
};

function usualOrderOf(build: GraphileBuild.Build, codec: PgCodec | undefined) {
  if (codec?.attributes === undefined) return {};
  const orders = build.getTypeByName(build.inflection.orderByType(build.inflection.tableType(codec)));
  if (!(orders instanceof build.graphql.GraphQLEnumType)) return {};
  const name = usualOrder[codec.name] ?? 'PRIMARY_KEY_ASC';
  const usual = orders.getValue(name);
  if (!usual) throw new Error(`${orders.name} has no ${name}`);
  return { defaultValue: [usual.value], description: 'In which order.' };
}
