// Every type, field, argument and enum value says what it is. SQL comments do most of it; what PostGraphile made up itself, and what has no
// comment, is said here, when the schema is complete.
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
} from 'postgraphile/graphql';
import { byName, exactly } from './words.ts';

interface Described {
  description?: string | null | undefined;
}

/** What PostGraphile says of itself rather than of the matter. */
const boilerplate =
  /^(Reads |Get a single|Creates a single|Updates a single|Deletes a single|All input for|The output of our|Our root|The exclusive input|A connection to|A list of |A cursor for|The `|Methods to use|An object where|Represents an update|Information |Checks for|Read all values|A condition|A `|The root |When paginating|A location|A universally|A signed eight|A point in time|A calendar|The exact time|Represents JSON|Binary data|The count of)/;

export const DescriptionsPlugin: GraphileConfig.Plugin = {
  name: 'PostilionDescriptionsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      finalize(schema) {
        for (const type of Object.values(schema.getTypeMap()))
          if (!type.name.startsWith('__') && !isSpecifiedScalarType(type)) describe(type);
        return schema;
      },
    },
  },
};

function describe(type: GraphQLNamedType): void {
  say(type, exactly[type.name] ?? ofType(type.name));
  if (isEnumType(type)) describeValues(type);
  if (isObjectType(type) || isInputObjectType(type)) describeFields(type);
}

function describeValues(type: GraphQLEnumType): void {
  for (const value of type.getValues()) say(value, exactly[`${type.name}.${value.name}`] ?? ofOrder(value.name));
}

function describeFields(type: GraphQLObjectType | GraphQLInputObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const path = `${type.name}.${field.name}`;
    say(field, exactly[path] ?? byName[field.name] ?? ofField(type.name, field.name));
    if (!('args' in field)) continue;
    for (const arg of field.args) say(arg, exactly[`${path}(${arg.name})`] ?? byName[arg.name]);
  }
}

function say(thing: Described, words: string | undefined): void {
  const present = thing.description;
  if (words !== undefined && (!present || boilerplate.test(present))) thing.description = words;
}

function ofType(name: string): string | undefined {
  const [, of, kind] = /^(\w+?)(Connection|Edge|OrderBy|Input|Payload|Patch|Filter)$/.exec(name) ?? [];
  if (of === undefined) return undefined;
  switch (kind) {
    case 'Connection':
      return `A page of a list: ${spoken(of)}s.`;
    case 'Edge':
      return `A ${spoken(of)} and its place in a list.`;
    case 'OrderBy':
      return `Orders of a list of ${spoken(of)}s.`;
    case 'Filter':
      return `What a ${spoken(of)} of a list must meet: everything that is given.`;
    case 'Patch':
      return `What of a ${spoken(of)} can be changed; what is not given stays.`;
    case 'Input':
      return `What ${verb(of)} needs.`;
    default:
      return `What ${verb(of)} answers.`;
  }
}

function ofField(type: string, name: string): string | undefined {
  const [, action, thing] = /^(create|update|delete)([A-Z]\w*)$/.exec(name) ?? [];
  if (type === 'Mutation' && action !== undefined && thing !== undefined)
    return `${{ create: 'Makes', update: 'Changes', delete: 'Deletes' }[action]} a ${spoken(thing)}. Raises BADIN, naming the field.`;
  if (type === 'Query') return name.endsWith('s') ? `All ${spoken(name)} that you may see.` : singleOf(name);
  return type.endsWith('Payload') ? `The ${spoken(name)}.` : `Its ${spoken(name)}.`;
}

function singleOf(name: string): string {
  return `The ${spoken(name.replace(/By[A-Z]\w*$/, ''))} with this key; null: there is none that you may see.`;
}

function ofOrder(name: string): string | undefined {
  const [, by, direction] = /^(\w+)_(ASC|DESC)$/.exec(name) ?? [];
  if (by === undefined) return undefined;
  const what = by === 'PRIMARY_KEY' ? 'the key' : by.toLowerCase().replaceAll('_', ' ');
  return `By ${what}, ${direction === 'ASC' ? 'ascending' : 'descending'}.`;
}

/** emailServiceCap → email service cap; Contact, Task and SubTask keep their capitals, as in all documents. */
function spoken(name: string): string {
  return name
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/\bsub task\b/, 'SubTask')
    .replace(/\btask\b/, 'Task')
    .replace(/\bcontact(s?)\b/, 'Contact$1');
}

function verb(type: string): string {
  return type.charAt(0).toLowerCase() + type.slice(1);
}
