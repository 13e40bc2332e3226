// What any client would do: HTTP for requests, graphql-transport-ws for subscriptions.
import { createClient } from 'graphql-ws';
import { z } from 'zod';

const answerSchema = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

export class GraphqlClient {
  readonly #url: string;
  readonly #authorization: string;

  /**
   * @param url of the endpoint, http or https
   * @param token an API token, or a session's access token
   */
  constructor(url: string, token: string) {
    this.#url = url;
    this.#authorization = `Bearer ${token}`;
  }

  /** @throws Error with the server's messages. */
  async request<T extends z.ZodType>(
    shape: T,
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<z.infer<T>> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.#authorization },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = answerSchema.parse(await response.json());
    if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('; '));
    return shape.parse(data);
  }

  /** Yields each event of a subscription until the consumer stops. */
  async *subscribe<T extends z.ZodType>(
    shape: T,
    query: string,
    variables: Record<string, unknown>,
  ): AsyncGenerator<z.infer<T>> {
    const client = createClient({
      url: this.#url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: this.#authorization },
    });
    try {
      for await (const event of client.iterate({ query, variables })) {
        if (event.errors !== undefined) throw new Error(event.errors.map(({ message }) => message).join('; '));
        yield shape.parse(event.data);
      }
    } catch (error) {
      // graphql-ws rejects with the server's list of errors.
      throw Array.isArray(error) ? new Error(error.map((each) => String(each.message)).join('; ')) : error;
    } finally {
      await client.dispose();
    }
  }
}
