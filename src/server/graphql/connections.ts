// How a request's statements reach the database: in a session that is who asks, and no longer than somebody waits for the answer.
import { cancellable, closedSignal } from './cancel.ts';
import { inSession } from './session_settings.ts';

export const ConnectionsPlugin: GraphileConfig.Plugin = {
  name: 'PostilionConnectionsPlugin',
  version: '1.0.0',
  after: ['PgContextPlugin'],
  grafast: {
    middleware: {
      async prepareArgs(next, { args }) {
        const prepared = await next();
        const { contextValue, requestContext } = args;
        if (contextValue?.withPgClient === undefined) return prepared;
        contextValue.withPgClient = inSession(contextValue.withPgClient);
        const response = requestContext?.koav2?.ctx.res;
        if (response !== undefined)
          contextValue.withPgClient = cancellable(contextValue.withPgClient, closedSignal(response));
        return prepared;
      },
    },
  },
};
