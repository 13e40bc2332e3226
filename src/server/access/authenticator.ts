// Who asks. What a token is worth is looked up in the database, and the answer is good for two seconds: what is revoked ends within that
// time on every server, and a client that asks a thousand times a second costs one statement.
import { isDeepStrictEqual } from 'node:util';
import type { Claims } from '../../database/access/session_claims.ts';
import type { AccessTokens } from './access_tokens.ts';
import { hashOfToken } from './tokens.ts';

const freshMs = 2_000;
const mostKnown = 10_000;
// Longer than any of ours.
const longestToken = 1_000;

export interface AuthenticatorOptions {
  readonly accessTokens: AccessTokens;
  readonly ofSession: (sessionId: string) => Promise<Claims | null>;
  /** By the SHA-256 of the token. */
  readonly ofToken: (hash: Buffer) => Promise<Claims | null>;
  /** Milliseconds of the epoch. */
  readonly now: () => number;
}

interface Found {
  readonly claims: Claims;
  /** Milliseconds of the epoch: when the token expires, if that is written in it. */
  readonly until: number;
}

interface Asked {
  readonly at: number;
  readonly found: Promise<Found | null>;
}

export class Authenticator {
  readonly #options: AuthenticatorOptions;
  /** By token; what was asked for last stands last. */
  readonly #asked = new Map<string, Asked>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Null: nobody we know.
   * @param authorization as in the header: "Bearer …"
   * @throws why the database could not be asked
   */
  async authenticate(authorization: string | undefined): Promise<Claims | null> {
    const token = bearerOf(authorization);
    if (token === null) return null;
    const found = await this.#ask(token);
    return found !== null && this.#options.now() < found.until ? found.claims : null;
  }

  /**
   * Whether who was let in some time ago still would be: for what takes longer than a look is good for. That the access token itself has run
   * out meanwhile is no matter, as long as its session has not.
   */
  async stillHolds(authorization: string | undefined, claims: Claims): Promise<boolean> {
    const { sessionId } = claims;
    const present =
      sessionId === null ? await this.authenticate(authorization) : await this.#options.ofSession(sessionId);
    return isDeepStrictEqual(present, claims);
  }

  /** Who asks for the same while an answer is under way, or fresh, shares it. */
  #ask(token: string): Promise<Found | null> {
    const asked = this.#asked.get(token);
    return asked !== undefined && this.#isFresh(asked) ? asked.found : this.#lookUp(token);
  }

  /** An age below 0: the clock was set back. */
  #isFresh({ at }: Asked): boolean {
    const age = this.#options.now() - at;
    return age >= 0 && age < freshMs;
  }

  #lookUp(token: string): Promise<Found | null> {
    const asked = { at: this.#options.now(), found: this.#find(token) };
    this.#asked.delete(token);
    this.#asked.set(token, asked);
    this.#forgetOldest();
    // Only what is right is remembered: wrong tokens can be made without end, and would push the right ones out.
    const forget = () => {
      if (this.#asked.get(token) === asked) this.#asked.delete(token);
    };
    asked.found.then((found) => found === null && forget(), forget);
    return asked.found;
  }

  #forgetOldest(): void {
    if (this.#asked.size <= mostKnown) return;
    for (const [oldest] of this.#asked) return void this.#asked.delete(oldest);
  }

  async #find(token: string): Promise<Found | null> {
    const hash = hashOfToken('api', token);
    if (hash !== null) return found(await this.#options.ofToken(hash), Number.POSITIVE_INFINITY);
    const named = await this.#options.accessTokens.read(token);
    return named === null ? null : found(await this.#options.ofSession(named.sessionId), named.until);
  }
}

function found(claims: Claims | null, until: number): Found | null {
  return claims === null ? null : { claims, until };
}

/** RFC 6750. */
function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.length > longestToken) return null;
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? null;
}
