/** Names as a person would choose them: `id` is the key, arguments lose their `p_`, and a mutation's result is named after its type. */
export const NamingPlugin: GraphileConfig.Plugin = {
  name: 'PostilionNamingPlugin',
  version: '1.0.0',
  inflection: {
    replace: {
      _attributeName(previous, _options, details) {
        return previous?.({ ...details, skipRowId: true }) ?? details.attributeName;
      },
      argument(previous, _options, details) {
        const name = details.param.name?.replace(/^p_/, '') ?? null;
        return previous?.({ ...details, param: { ...details.param, name } }) ?? `arg${details.index}`;
      },
      functionMutationResultFieldName(previous, _options, details) {
        const { codec } = details.resource;
        if (codec.extensions?.isTableLike === true) return this.camelCase(this.tableType(codec));
        return previous?.(details) ?? 'result';
      },
      // Where we make a connection of our own it has the name, and what nobody refers to is left out of the schema.
      tableConnectionType(previous, _options, codec) {
        return `${previous?.(codec) ?? codec.name}${codec.extensions?.tags?.['ownConnection'] ? 'Unused' : ''}`;
      },
      tableEdgeType(previous, _options, codec) {
        return `${previous?.(codec) ?? codec.name}${codec.extensions?.tags?.['ownConnection'] ? 'Unused' : ''}`;
      },
      // A table is named for its rows and its type for one of them; a composite type is one thing already.
      _singularizedCodecName(previous, _options, codec) {
        if (codec.extensions?.isTableLike === false) return codec.name;
        return previous?.(codec) ?? codec.name;
      },
    },
  },
};
