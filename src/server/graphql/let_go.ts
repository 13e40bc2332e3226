// A request that is over is garbage at once, and young. Each function that goes with a step around which plugins may act (`next.callback` in
// graphile-config) is written to a property where it is made, so V8 takes it for a method and puts it among the old objects: dead, it kept what
// the step was told of, and with it the whole request and its answer, until the next full collection. That was a sixth of what the server's process
// cost. So the step's event forgets its contents when the step is over. First in the list of plugins, so that it is around all others.

export const LetGoPlugin: GraphileConfig.Plugin = {
  name: 'PostilionLetGoPlugin',
  version: '1.0.0',
  grafserv: {
    middleware: {
      processRequest: (next, event) => emptied(event, next),
      processGraphQLRequestBody: (next, event) => emptied(event, next),
    },
  },
  grafast: {
    middleware: {
      prepareArgs: (next, event) => emptied(event, next),
      execute: (next, event) => emptied(event, next),
    },
  },
};

async function emptied<T>(event: object, step: () => T | PromiseLike<T>): Promise<Awaited<T>> {
  try {
    return await step();
  } finally {
    for (const key of Object.keys(event)) Reflect.deleteProperty(event, key);
  }
}
