import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { isSafeError } from 'postgraphile/grafast';
import { GraphQLError } from 'postgraphile/graphql';
import { publicFault } from '../errors.ts';

/** An update that met no row, or none that row-level security shows, has no row to answer with. */
const changedNothing = /^Cannot return null for non-nullable field Update\w+Payload\./;

/** Makes the function that decides what a client may read of an error: code, field and safe message, or an id to look up in the log. */
export function errorMask(log: Logger): (error: GraphQLError) => GraphQLError {
  return (error) => {
    if (changedNothing.test(error.message))
      return shown(error, 'there is nothing like that which you may change', { code: 'NTFND' });
    const cause = error.originalError;
    // Said by GraphQL itself, of the request.
    if (!cause || cause instanceof GraphQLError) return error;
    const fault = publicFault(cause);
    if (fault !== null) {
      // What is not shown of it: which grant or policy it was, or which constraint.
      log.debug({ err: cause, path: error.path }, 'a GraphQL request was refused');
      return shown(error, fault.message, { code: fault.code, ...(fault.field && { field: fault.field }) });
    }
    if (isSafeError(cause)) return shown(error, cause.message, { ...cause.extensions });
    const id = randomUUID();
    log.error({ err: cause, errorId: id, path: error.path }, 'a GraphQL request failed');
    return shown(error, 'internal error', { code: 'INTNL', id });
  };
}

/** The same place in the request; nothing else of the original is kept. */
function shown(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}
