// Who asks. What a token is worth is looked up in the database, and the answer is good for two seconds: what is revoked ends within that
// time on every server, and a client that asks a thousand times a second costs one statement.
import { isDeepStrictEqual } from 'node:util';
import type { Claims } from '../../database/access/session_claims.ts';
import type { AccessTokens } from './access_tokens.ts';
import { Strangers } from './strangers.ts';
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
  /** Null: it is one of ours, of a session that is over. */
  readonly claims: Claims | null;
  /** Milliseconds of the epoch: when the token expires, if that is written in it. */
  readonly until: number;
}

interface Asked {
  readonly at: number;
  readonly found: Promise<Found | null>;
  /** Whether it was found to be right, now or before. */
  wasRight: boolean;
}

export class Authenticator {
  readonly #options: AuthenticatorOptions;
  /** By token; what was asked for last stands last. */
  readonly #asked = new Map<string, Asked>();
  readonly #strangers: Strangers;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#strangers = new Strangers(options.now);
  }

  /**
   * Null: nobody we know.
   * @param authorization as in the header: "Bearer …"
   * @param address who shows it; null: gone already
   * @throws why the database could not be asked; TooOften when too many from there were wrong
   */
  async authenticate(authorization: string | undefined, address: string | null): Promise<Claims | null> {
    const token = bearerOf(authorization);
    if (token === null) return null;
    const found = await this.#ask(token, address);
    return found !== null && this.#options.now() < found.until ? found.claims : null;
  }

  /**
   * Whether who was let in some time ago still would be: for what takes longer than a look is good for. That the access token itself has run
   * out meanwhile is no matter, as long as its session has not.
   */
  async stillHolds(authorization: string | undefined, address: string | null, claims: Claims): Promise<boolean> {
    const { sessionId } = claims;
    const present =
      sessionId === null ? await this.authenticate(authorization, address) : await this.#options.ofSession(sessionId);
    return isDeepStrictEqual(present, claims);
  }

  /** Who asks for the same while an answer is under way, or fresh, shares it. */
  #ask(token: string, address: string | null): Promise<Found | null> {
    const asked = this.#asked.get(token);
    return asked !== undefined && this.#isFresh(asked) ? asked.found : this.#lookUp(token, address);
  }

  /** An age below 0: the clock was set back. */
  #isFresh({ at }: Asked): boolean {
    const age = this.#options.now() - at;
    return age >= 0 && age < freshMs;
  }

  #lookUp(token: string, address: string | null): Promise<Found | null> {
    const wasRight = this.#asked.get(token)?.wasRight ?? false;
    const asked = { at: this.#options.now(), found: this.#find(token, address, wasRight), wasRight };
    this.#asked.delete(token);
    this.#asked.set(token, asked);
    this.#forgetOldest();
    // Only what is ours is remembered: wrong tokens can be made without end, and would push the right ones out.
    const forget = () => {
      if (this.#asked.get(token) === asked) this.#asked.delete(token);
    };
    asked.found.then((found) => {
      if (found === null) forget();
      else asked.wasRight = true;
    }, forget);
    return asked.found;
  }

  #forgetOldest(): void {
    if (this.#asked.size <= mostKnown) return;
    for (const [oldest] of this.#asked) return void this.#asked.delete(oldest);
  }

  async #find(token: string, address: string | null, wasRight: boolean): Promise<Found | null> {
    const hash = hashOfToken('api', token);
    if (hash !== null) return this.#findApiToken(hash, address, wasRight);
    // Whatever bears our signature was given by us: of these there is no end of wrong ones.
    const named = await this.#options.accessTokens.read(token);
    return named === null ? null : { claims: await this.#options.ofSession(named.sessionId), until: named.until };
  }

  /** One that was right a while ago is looked up whatever else comes from there. */
  async #findApiToken(hash: Buffer, address: string | null, wasRight: boolean): Promise<Found | null> {
    const lookUp = () => this.#options.ofToken(hash);
    const claims = wasRight ? await lookUp() : await this.#strangers.ask(address, lookUp);
    return claims === null ? null : { claims, until: Number.POSITIVE_INFINITY };
  }
}

/** RFC 6750. */
function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.length > longestToken) return null;
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? null;
}
