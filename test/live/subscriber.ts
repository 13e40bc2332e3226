// A client of graphql-transport-ws, as a page is one.
import { type Client, createClient } from 'graphql-ws';
import { at, type TestServer } from '../server/support.ts';

export interface Subscriber {
  readonly client: Client;
  /** The next message's data at `path`; rejects with the errors that ended the subscription. */
  next(path?: string): Promise<unknown>;
  /** Resolves when the subscription is over: null, or the errors that ended it. */
  ended(): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server, and what lets one in there. */
export type Place = Pick<TestServer, 'server' | 'authorization'>;

export function connect({ server, authorization }: Place): Client {
  return createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    connectionParams: async () => ({ authorization: await authorization() }),
  });
}

export function subscribe(place: Place, query: string, variables: Record<string, unknown> = {}): Subscriber {
  const client = connect(place);
  const messages = client.iterate({ query, variables });
  return {
    client,
    async next(path = 'data') {
      const { done, value } = await messages.next();
      if (done) throw new Error('the subscription was completed');
      if (value.errors !== undefined) throw value.errors;
      return at(value, path);
    },
    async ended() {
      try {
        for await (const { errors } of messages) if (errors !== undefined) return errors;
        return null;
      } catch (errors) {
        return errors;
      }
    },
    [Symbol.asyncDispose]: async () => client.dispose(),
  };
}
