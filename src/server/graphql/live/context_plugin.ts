// What subscriptions find in their context beside what every operation finds.
import 'postgraphile/grafserv/node';
import type { Socket } from 'node:net';
import { getOperationAST } from 'postgraphile/graphql';
import { SharedReads } from './shared_reads.ts';

declare global {
  namespace Grafast {
    interface Context {
      /** Of the websocket that the operation came by; null: it came otherwise. */
      clientSocket?: Socket | null;
    }
  }
}

/** Gives subscriptions their client's socket, and reads that those of equal rights share. */
export function liveContextPlugin(): GraphileConfig.Plugin {
  const reads = new SharedReads();
  return {
    name: 'PostilionLiveContextPlugin',
    version: '1.0.0',
    grafast: {
      middleware: {
        async prepareArgs(next, { args }) {
          const prepared = await next();
          const { contextValue, document, operationName, requestContext } = args;
          if (getOperationAST(document, operationName)?.operation === 'subscription' && contextValue) {
            contextValue.clientSocket = requestContext?.ws?.request?.socket ?? null;
            contextValue.withPgClient = reads.sharing(contextValue.withPgClient);
          }
          return prepared;
        },
      },
    },
  };
}
