// Every place of the schema where a client can put a value, each with an operation that carries it to the database.
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isScalarType,
} from 'postgraphile/graphql';

/** What stands in an argument where nothing is tried; `owner` is the type, or the field, that the name is of. */
export type Valid = (scalar: string, name: string, owner: string) => unknown;

/** One field with arguments. */
export interface Operation {
  readonly kind: Kind;
  /** As Type.field. */
  readonly name: string;
  readonly slots: readonly Slot[];
  /** Asks for the field once, with nothing but what is right. */
  usual(): { query: string; variables: Record<string, unknown> };
  /** Asks for the field as often as there are `values`, each with one in that slot. */
  request(slot: Slot, values: readonly unknown[]): { query: string; variables: Record<string, unknown> };
}

export interface Slot {
  readonly scalar: string;
  /** Of argument and input fields. */
  readonly path: readonly (string | number)[];
}

type Kind = 'query' | 'mutation' | 'subscription';
type Field = GraphQLField<unknown, unknown>;
interface Way {
  readonly kind: Kind;
  readonly fields: readonly { field: Field; owner: GraphQLObjectType }[];
}

/** @param skipped fields, as Type.field, that are not asked for */
export function operationsOf(
  schema: GraphQLSchema,
  valid: Valid,
  skipped: ReadonlySet<string> = new Set(),
): Operation[] {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  if (!query || !mutation) throw new Error('the schema has no queries, or no mutations');
  return [...waysFrom(query), ...rootsOf('mutation', mutation)]
    .map((way) => operationOf(way, valid))
    .filter(({ name, slots }) => slots.length > 0 && !skipped.has(name));
}

/** Of each the request has one value: a subscription has one field. */
export function subscriptionsOf(schema: GraphQLSchema, valid: Valid): Operation[] {
  const root = schema.getSubscriptionType();
  if (!root) throw new Error('the schema has no subscriptions');
  return rootsOf('subscription', root)
    .map((way) => operationOf(way, valid))
    .filter(({ slots }) => slots.length > 0);
}

function rootsOf(kind: Kind, owner: GraphQLObjectType): Way[] {
  return Object.values(owner.getFields()).map((field) => ({ kind, fields: [{ field, owner }] }));
}

/** The shortest way to each field. */
function waysFrom(query: GraphQLObjectType): Way[] {
  const ways: Way[] = [];
  const seen = new Set([query]);
  const open: { type: GraphQLObjectType; fields: Way['fields'] }[] = [{ type: query, fields: [] }];
  for (const { type: owner, fields: before } of open) {
    for (const field of Object.values(owner.getFields())) {
      const fields = [...before, { field, owner }];
      if (field.args.length > 0) ways.push({ kind: 'query', fields });
      const type = getNamedType(field.type);
      if (!isObjectType(type) || seen.has(type)) continue;
      seen.add(type);
      open.push({ type, fields });
    }
  }
  return ways;
}

function operationOf({ kind, fields }: Way, valid: Valid): Operation {
  const last = fields.at(-1);
  if (last === undefined) throw new Error('a way leads somewhere');
  const { field, owner } = last;
  const base = Object.fromEntries(field.args.map(({ name, type }) => [name, sample(type, name, field.name, valid)]));
  const slots = field.args.flatMap(({ name, type }) => slotsOf(type, [name], []));
  const open = fields.slice(0, -1).map(({ field: each }) => `${each.name}${literals(each, valid)} { `);
  const request = (bases: readonly unknown[]) => {
    const variables: Record<string, unknown> = {};
    const asked = bases.map((given, number) => {
      for (const [name, value] of Object.entries(given ?? {})) variables[`${name}${number}`] = value;
      const args = field.args.map(({ name }) => `${name}: $${name}${number}`).join(', ');
      return `a${number}: ${field.name}(${args}) ${kind === 'query' ? selection(field.type) : '{ __typename }'}`;
    });
    const declared = bases.flatMap((_, number) => field.args.map(({ name, type }) => `$${name}${number}: ${type}`));
    const query = `${kind} (${declared.join(', ')}) { ${open.join('')}${asked.join('\n')}${' }'.repeat(open.length)} }`;
    return { query, variables };
  };
  return {
    kind,
    name: `${owner.name}.${field.name}`,
    slots,
    usual: () => request([base]),
    request: (slot, values) => request(values.map((value) => put(base, slot.path, value))),
  };
}

/** Arguments that a field on the way needs. */
export function literals(field: Field, valid: Valid): string {
  const needed = field.args.filter(
    ({ type, defaultValue }) => getNullableType(type) !== type && defaultValue === undefined,
  );
  const list = needed.map(({ name, type }) => {
    const value = sample(type, name, field.name, valid);
    return `${name}: ${isEnumType(getNamedType(type)) ? value : JSON.stringify(value)}`;
  });
  return list.length === 0 ? '' : `(${list.join(', ')})`;
}

/** Something of it that only the database knows. */
export function selection(given: GraphQLOutputType, depth = 3): string {
  const type = getNamedType(given);
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).filter(({ args }) => args.length === 0);
  const plain = fields.filter((field) => !isObjectType(getNamedType(field.type))).map(({ name }) => name);
  const nodes = fields.find(({ name }) => name === 'nodes');
  const deeper = nodes ?? (plain.length === 0 ? fields.find(() => depth > 0) : undefined);
  const chosen = nodes === undefined ? plain.slice(0, 4) : plain;
  return `{ ${[...chosen, deeper && `${deeper.name} ${selection(deeper.type, depth - 1)}`].filter(Boolean).join(' ') || '__typename'} }`;
}

function sample(given: GraphQLInputType, name: string, owner: string, valid: Valid): unknown {
  const type = getNullableType(given);
  if (isListType(type)) return [sample(type.ofType, name, owner, valid)];
  if (isEnumType(type)) return valid(type.name, name, owner) ?? type.getValues()[0]?.name;
  if (isScalarType(type)) return valid(type.name, name, owner);
  if (!isInputObjectType(type)) throw new Error(`${name} is nothing that can be given`);
  return Object.fromEntries(
    Object.values(type.getFields()).map((field) => [field.name, sample(field.type, field.name, type.name, valid)]),
  );
}

function slotsOf(given: GraphQLInputType, path: readonly (string | number)[], above: readonly string[]): Slot[] {
  const type = getNullableType(given);
  if (isListType(type)) return slotsOf(type.ofType, [...path, 0], above);
  if (isScalarType(type)) return [{ scalar: type.name, path }];
  if (!isInputObjectType(type) || above.includes(type.name)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    slotsOf(field.type, [...path, field.name], [...above, type.name]),
  );
}

/** A copy in which the value stands there. */
function put(base: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(base)) return [put(base[0], rest, value)];
  const record = Object(base);
  return { ...record, [key]: put(record[key], rest, value) };
}
