// Rules that a request is checked against before it is planned, once for each text.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'postgraphile/graphql';
import { type Measured, measure } from './measure.ts';

/** The introspection query of tools is 15 deep. */
const maxDepth = 16;
const maxRoots = 25;
const maxAliases = 100;

/** The rules of the language itself, without their suggestions, which would tell names; then ours. */
export function strictRules(
  given: readonly ValidationRule[],
  { introspection, suggestions }: { introspection: boolean; suggestions: boolean },
): ValidationRule[] {
  const own = [sizeRule, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  return [...(suggestions ? given : given.map(quiet)), ...own];
}

function quiet(rule: ValidationRule): ValidationRule {
  return (context) => rule(Object.create(context, { hideSuggestions: { value: true } }));
}

const sizeRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const measured = measureOperation(context.getSchema(), context.getDocument(), operation);
    const refuse = (what: string, most: number) =>
      context.reportError(
        new GraphQLError(`this request has ${what}; at most ${most} are allowed`, {
          nodes: operation,
          extensions: { code: 'BADIN' },
        }),
      );
    if (measured.depth > maxDepth) refuse(`${measured.depth} fields within each other`, maxDepth);
    if (measured.roots > maxRoots) refuse(`${measured.roots} fields at its root`, maxRoots);
    if (measured.aliases > maxAliases) refuse(`${measured.aliases} aliases`, maxAliases);
  },
});

const measurements = new WeakMap<OperationDefinitionNode, Measured>();

/** Kept as long as the parsed operation is, which the server keeps for the next request with this text. */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Measured {
  const known = measurements.get(operation);
  if (known !== undefined) return known;
  const fragments = document.definitions.filter(
    (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  const measured = measure(schema, operation, new Map(fragments.map((fragment) => [fragment.name.value, fragment])));
  measurements.set(operation, measured);
  return measured;
}
