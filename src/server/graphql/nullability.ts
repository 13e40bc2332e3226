// What can not be null says so, wherever it came from. A mutation that fails answers no payload at all, so what a payload has is there; and no list
// of texts or numbers has a hole.
import {
  type GraphQLInputType,
  type GraphQLLeafType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'postgraphile/graphql';

/** What a payload has only sometimes. */
const sometimes: ReadonlySet<string> = new Set([
  'CreateUserPayload.resetToken',
  'CreateEmailServicePayload.webhookPath',
]);

export const NullabilityPlugin: GraphileConfig.Plugin = {
  name: 'PostilionNullabilityPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      finalize(schema) {
        tighten(schema);
        return schema;
      },
    },
  },
};

function tighten(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) field.type = withoutHoles(field.type) ?? field.type;
    if (isObjectType(type) && !type.name.startsWith('__')) tightenObject(type);
  }
}

function tightenObject(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    field.type = withoutHoles(field.type) ?? field.type;
    for (const arg of field.args) arg.type = withoutHoles(arg.type) ?? arg.type;
    if (type.name.endsWith('Payload') && !sometimes.has(`${type.name}.${field.name}`)) field.type = present(field.type);
  }
}

function present(type: GraphQLOutputType): GraphQLOutputType {
  return isNonNullType(type) ? type : new GraphQLNonNull(type);
}

type Whole = GraphQLList<GraphQLNonNull<GraphQLLeafType>>;

/** A list of leaves as it should be; null: it is none. */
function withoutHoles(type: GraphQLInputType | GraphQLOutputType): Whole | GraphQLNonNull<Whole> | null {
  const list = isNonNullType(type) ? type.ofType : type;
  if (!isListType(list) || !isLeafType(list.ofType)) return null;
  const whole = new GraphQLList(new GraphQLNonNull(list.ofType));
  return isNonNullType(type) ? new GraphQLNonNull(whole) : whole;
}
