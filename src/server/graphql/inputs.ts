// createTemplate(input: { name: … }) instead of createTemplate(input: { template: { name: … } }), so that tables and functions are called
// alike, and no clientMutationId, which only Relay's first version needed;
// nor the whole Query below each answer.

type Defaults = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** @param defaults values of fields by the name of the input type */
export const inputsPlugin = (defaults: Defaults): GraphileConfig.Plugin => ({
  name: 'PostilionInputsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLInputObjectType_fields(fields, build, { scope, Self }) {
        const { clientMutationId: _, ...own } = fields;
        if (scope.isPgCreateInputType !== true || scope.pgResource === undefined) return own;
        const row = build.getGraphQLTypeByPgCodec(scope.pgResource.codec, 'input');
        if (!(row instanceof build.graphql.GraphQLInputObjectType)) return own;
        return withDefaults(row.toConfig().fields, defaults[Self.name]);
      },
      GraphQLObjectType_fields(fields, _build, { scope }) {
        if (scope.isMutationPayload !== true) return fields;
        const { clientMutationId: _, query: _query, ...own } = fields;
        return own;
      },
    },
  },
});

function withDefaults<T extends object>(fields: Record<string, T>, defaults: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const defaultValue = defaults[name];
      return [name, defaultValue === undefined ? field : { ...field, defaultValue }];
    }),
  );
}
