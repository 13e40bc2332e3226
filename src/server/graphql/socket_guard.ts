import { isDeepStrictEqual } from 'node:util';
import { CloseCode } from 'graphql-ws';
import { z } from 'zod';
import type { Claims } from '../../database/access/session_claims.ts';
import { Fault } from '../errors.ts';

// Of the registry for RFC 6455: "try again later".
const tryAgainLater = 1013;

const connectionParams = z.record(z.string(), z.unknown());

/**
 * Who is at the other end of a websocket. What the token in connection_init is worth is looked at again and again; once it ended, or its
 * rights changed, the socket is closed. Clients come back by themselves after 4403, with the token they have then; after 4401 they do not.
 */
export class SocketGuard {
  readonly #authenticate: (authorization: string | undefined) => Promise<Claims | null>;
  readonly #end: (code: number, reason: string) => void;
  #authorization: string | undefined;
  #claims: Claims | null = null;

  constructor(
    authenticate: (authorization: string | undefined) => Promise<Claims | null>,
    end: (code: number, reason: string) => void,
  ) {
    this.#authenticate = authenticate;
    this.#end = end;
  }

  /**
   * At connection_init.
   * @throws Fault when the socket was closed instead
   */
  async admit(params: unknown): Promise<Claims> {
    this.#authorization = authorizationIn(params);
    if (this.#authorization === undefined) throw this.#ended(CloseCode.Unauthorized, 'Unauthorized');
    this.#claims = await this.#ask();
    return this.#claims;
  }

  /**
   * Before every operation and every event, and every few seconds.
   * @throws Fault when the socket was closed
   */
  async look(): Promise<void> {
    if (this.#claims === null) return;
    if (!isDeepStrictEqual(await this.#ask(), this.#claims)) throw this.#ended(CloseCode.Forbidden, 'Forbidden');
  }

  async #ask(): Promise<Claims> {
    const claims = await this.#authenticate(this.#authorization).catch(() => {
      throw this.#ended(tryAgainLater, 'Try again later');
    });
    if (claims === null) throw this.#ended(CloseCode.Forbidden, 'Forbidden');
    return claims;
  }

  #ended(code: number, reason: string): Fault {
    this.#end(code, reason);
    return new Fault('AUTHN', 'the websocket was closed');
  }
}

/** Written as a header is, in whatever case. */
function authorizationIn(params: unknown): string | undefined {
  const given = Object.entries(connectionParams.safeParse(params).data ?? {});
  const value = given.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return typeof value === 'string' ? value : undefined;
}
