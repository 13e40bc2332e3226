// Operations as GraphQL text whose types come from the schema: a field that is not there, or a variable of the wrong type, is an error
// while one writes. schema.d.ts is made of db/schema.graphql by `npm run check -- --write`.
import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema.d.ts';

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Cursor: string; Datetime: string; JSON: unknown; UUID: string };
}>();

export type { ResultOf, TadaDocumentNode, VariablesOf } from 'gql.tada';
