// PostgreSQL keeps no U+0000, and half a surrogate pair would reach it as U+FFFD, which is not what was given: both are refused by the name of
// their place, wherever text can stand.
import { type ExecutionResult, GraphQLError, type ValidationRule } from 'postgraphile/graphql';

const expected = 'expected text without U+0000 and without halves of surrogate pairs';

// Of objects and lists within each other: whoever walks through them, here or in PostgreSQL, has a stack.
const mostNested = 100;
const tooDeep = `expected no more than ${mostNested} lists and objects within each other`;
const longestField = 200;

export const TextsPlugin: GraphileConfig.Plugin = {
  name: 'PostilionTextsPlugin',
  version: '1.0.0',
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules = [...event.validationRules, literalRule];
        return next();
      },
    },
  },
  grafast: {
    middleware: {
      execute: (next, { args }) => refusal(args.variableValues) ?? next(),
      subscribe: (next, { args }) => refusal(args.variableValues) ?? next(),
    },
  },
};

const literalRule: ValidationRule = (context) => ({
  StringValue(node) {
    if (isText(node.value)) return;
    context.reportError(new GraphQLError(expected, { nodes: node, extensions: { code: 'BADIN' } }));
  },
});

/** @param variables as they were given: JSON, so nothing in them contains itself */
function refusal(variables: unknown): ExecutionResult | null {
  const fault = faultIn(variables, '', 0);
  if (fault === null) return null;
  const { field, expected } = fault;
  return { errors: [new GraphQLError(`${field}: ${expected}`, { extensions: { code: 'BADIN', field } })] };
}

interface Fault {
  /** As `input.contacts[0].email`. */
  readonly field: string;
  readonly expected: string;
}

function faultIn(given: unknown, field: string, depth: number): Fault | null {
  if (typeof given === 'string') return isText(given) ? null : { field, expected };
  if (typeof given !== 'object' || given === null) return null;
  if (depth > mostNested) return { field: field.slice(0, longestField), expected: tooDeep };
  for (const [key, value] of Object.entries(given)) {
    if (!isText(key)) return { field, expected };
    const fault = faultIn(value, placeWithin(field, key, Array.isArray(given)), depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function placeWithin(place: string, key: string, isList: boolean): string {
  if (isList) return `${place}[${key}]`;
  return place === '' ? key : `${place}.${key}`;
}

function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
