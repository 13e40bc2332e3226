// What a request may ask for, and how often.
import { SafeError } from 'postgraphile/grafast';
import type { BufferResult } from 'postgraphile/grafserv';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'postgraphile/graphql';
import type { Config } from '../../../config.ts';
import { TokenBuckets } from '../../token_buckets.ts';
import { visitOf } from '../visits.ts';
import { measureOperation, strictRules } from './rules.ts';

export type LimitsConfig = Pick<
  Config,
  'GRAPHQL_INTROSPECTION' | 'GRAPHQL_MAX_COST' | 'RATE_LIMIT_PER_MINUTE' | 'NODE_ENV'
>;

/** Characters of an operation. Reading a longer one costs before anything of it could be checked. */
const maxQueryLength = 100_000;
const graphqlPath = '/graphql';

export function limitsPlugin(config: LimitsConfig): GraphileConfig.Plugin {
  const isProduction = config.NODE_ENV === 'production';
  const rules = { introspection: config.GRAPHQL_INTROSPECTION ?? !isProduction, suggestions: !isProduction };
  const buckets = new TokenBuckets(config.RATE_LIMIT_PER_MINUTE);
  /** What comes over HTTP was counted as a request. */
  function overdrawn({ requestContext }: Operation): ExecutionResult | null {
    const seconds = requestContext?.ws === undefined ? 0 : buckets.take(callerOf(requestContext));
    return seconds === 0 ? null : { errors: [new GraphQLError(sentence(seconds), { extensions: { code: 'LIMIT' } })] };
  }
  const refusalOf = (operation: Operation) => overdrawn(operation) ?? tooCostly(operation, config.GRAPHQL_MAX_COST);
  return {
    name: 'PostilionLimitsPlugin',
    version: '1.0.0',
    grafserv: {
      middleware: {
        setPreset(next, event) {
          event.validationRules = strictRules(event.validationRules, rules);
          return next();
        },
        processRequest(next, { requestDigest }) {
          const seconds = isGraphql(requestDigest.path) ? buckets.take(callerOf(requestDigest.requestContext)) : 0;
          return seconds === 0 ? next() : tooMany(seconds);
        },
        processGraphQLRequestBody(next, { body }) {
          if (typeof body.query !== 'string' || body.query.length <= maxQueryLength) return next();
          const message = `query: expected ${maxQueryLength} characters at most`;
          throw new SafeError(message, { code: 'BADIN', field: 'query', statusCode: 413 });
        },
      },
    },
    grafast: {
      middleware: {
        execute: async (next, { args }) => {
          const result = refusalOf(args) ?? (await next());
          return isProduction ? withoutSuggestions(result) : result;
        },
        subscribe: (next, { args }) => refusalOf(args) ?? next(),
      },
    },
  };
}

function isGraphql(path: string): boolean {
  return path.split('?', 1)[0] === graphqlPath;
}

/** The API token or session that the gate found to be good, or the address of whom it let begin one. */
function callerOf(requestContext: Partial<Grafast.RequestContext>): string {
  const { claims, address } = visitOf(requestContext);
  return claims?.tokenId ?? claims?.sessionId ?? address ?? 'unknown';
}

function sentence(seconds: number): string {
  return `too many requests; try again in ${seconds} s`;
}

function tooMany(seconds: number): BufferResult {
  const message = sentence(seconds);
  return {
    type: 'buffer',
    statusCode: 429,
    headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': String(seconds) },
    buffer: Buffer.from(JSON.stringify({ errors: [{ message, extensions: { code: 'LIMIT' } }] })),
  };
}

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  readonly requestContext?: Partial<Grafast.RequestContext> | null | undefined;
}

/** What is answered to an operation that costs too much; null: it may go on. */
function tooCostly(
  { schema, document, operationName, variableValues }: Operation,
  most: number,
): ExecutionResult | null {
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  const cost = measureOperation(schema, document, operation).cost(variableValues ?? {});
  if (cost <= most) return null;
  const message = `this request may answer with ${cost} objects; at most ${most} are allowed: ask for shorter pages`;
  return { errors: [new GraphQLError(message, { nodes: operation, extensions: { code: 'BADIN' } })] };
}

/** What GraphQL itself says of variables tells names, too. */
function withoutSuggestions<T extends object>(result: T): T {
  if (!('errors' in result) || !Array.isArray(result.errors)) return result;
  const errors = result.errors.map((error: unknown) => {
    if (!(error instanceof GraphQLError)) return error;
    if (error.originalError && !(error.originalError instanceof GraphQLError)) return error;
    return new GraphQLError(error.message.replace(/ Did you mean .*$/s, ''), { ...error, nodes: error.nodes ?? null });
  });
  return { ...result, errors };
}
