// What any client needs: HTTP for requests, graphql-transport-ws for subscriptions, a session that is kept alive.
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { graphql, type TadaDocumentNode } from './graphql.ts';

const signInDocument = graphql(`
  mutation SignIn($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) { accessToken accessTokenExpiresAt refreshToken }
  }
`);

const refreshDocument = graphql(`
  mutation Refresh($refreshToken: String!) {
    refreshSession(input: { refreshToken: $refreshToken }) { accessToken accessTokenExpiresAt refreshToken }
  }
`);

/** Milliseconds before its end at which an access token is exchanged. */
const spareMs = 60_000;

interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds of the epoch. */
  readonly expiresAt: number;
}

/** What the server refused, and why: see docs/errors.md. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** Null: GraphQL itself refused the operation. */
  readonly code: string | null;
  /** The argument at fault, where one is. */
  readonly field: string | null;

  constructor({ message, code, field }: { message: string; code?: unknown; field?: unknown }) {
    super(message);
    this.code = typeof code === 'string' ? code : null;
    this.field = typeof field === 'string' ? field : null;
  }
}

export class Client {
  readonly #url: string;
  #session: Session | null = null;
  /** Shared by who asks meanwhile: a refresh token that comes twice ends the session. */
  #refreshing: Promise<void> | null = null;

  /** @param server its address, such as http://127.0.0.1:5678 */
  constructor(server: string) {
    this.#url = `${server}/graphql`;
  }

  /** @throws ApiError with the code AUTHN for a wrong password, LIMIT after too many */
  async signIn(email: string, password: string): Promise<void> {
    const { signIn } = await this.#post(signInDocument, { email, password });
    this.#session = sessionOf(signIn);
  }

  /** @throws ApiError */
  async request<Result, Variables>(
    document: TadaDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    return this.#post(document, variables, await this.#authorization());
  }

  /** Yields the present state and then each change, until the caller stops; comes back by itself when the connection breaks. */
  async *subscribe<Result, Variables extends Record<string, unknown>>(
    document: TadaDocumentNode<Result, Variables>,
    variables: Variables,
  ): AsyncGenerator<Result> {
    const client = createClient({
      url: this.#url.replace('http', 'ws'),
      connectionParams: async () => ({ authorization: await this.#authorization() }),
    });
    try {
      for await (const answer of client.iterate<Result>({ query: print(document), variables }))
        yield dataOf<Result>(answer);
    } finally {
      await client.dispose();
    }
  }

  async #authorization(): Promise<string> {
    if (this.#session === null) throw new Error('sign in first');
    if (this.#session.expiresAt - spareMs < Date.now()) {
      this.#refreshing ??= this.#refresh(this.#session).finally(() => {
        this.#refreshing = null;
      });
      await this.#refreshing;
    }
    return `Bearer ${this.#session.accessToken}`;
  }

  async #refresh({ refreshToken }: Session): Promise<void> {
    const { refreshSession } = await this.#post(refreshDocument, { refreshToken });
    this.#session = sessionOf(refreshSession);
  }

  async #post<Result, Variables>(
    document: TadaDocumentNode<Result, Variables>,
    variables: Variables,
    authorization?: string,
  ): Promise<Result> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ query: print(document), variables }),
    });
    // Taken for what the schema says: the server keeps to it.
    const answer: Answer<Result> = JSON.parse(await response.text());
    return dataOf(answer);
  }
}

interface Answer<Result> {
  readonly data?: Result | null | undefined;
  readonly errors?: readonly { message: string; extensions?: Readonly<Record<string, unknown>> }[] | undefined;
}

function dataOf<Result>({ data, errors }: Answer<Result>): Result {
  const [error] = errors ?? [];
  if (error !== undefined) throw new ApiError({ message: error.message, ...error.extensions });
  if (data === undefined || data === null) throw new ApiError({ message: 'no answer' });
  return data;
}

function sessionOf(
  payload: { accessToken: string; refreshToken: string; accessTokenExpiresAt: string } | null,
): Session {
  if (payload === null) throw new Error('the server gave no session');
  const { accessToken, refreshToken, accessTokenExpiresAt } = payload;
  return { accessToken, refreshToken, expiresAt: Date.parse(accessTokenExpiresAt) };
}
