// What a client shows with each request of a session: a JWT that names the session and nothing else. What its user may is looked up.
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

const lifeMs = 15 * 60_000;
const algorithm = 'HS256';
const issuer = 'postilion';
const audience = 'postilion access';
const payloadShape = z.object({ sid: z.uuid(), exp: z.number() });

export interface AccessToken {
  readonly text: string;
  readonly expiresAt: Date;
}

export interface NamedSession {
  readonly sessionId: string;
  /** Milliseconds of the epoch: when the token stops naming it. */
  readonly until: number;
}

export class AccessTokens {
  readonly #key: Buffer;
  readonly #now: () => number;

  /**
   * @param key 32 bytes
   * @param now milliseconds of the epoch
   */
  constructor(key: Buffer, now: () => number) {
    this.#key = key;
    this.#now = now;
  }

  async issue(sessionId: string): Promise<AccessToken> {
    // A JWT counts in whole seconds.
    const expiresAt = new Date(Math.floor((this.#now() + lifeMs) / 1000) * 1000);
    const jwt = new SignJWT({ sid: sessionId }).setProtectedHeader({ alg: algorithm, typ: 'JWT' });
    const text = await jwt.setIssuer(issuer).setAudience(audience).setExpirationTime(expiresAt).sign(this.#key);
    return { text, expiresAt };
  }

  /** Null: it is none of ours, or expired. */
  async read(text: string): Promise<NamedSession | null> {
    try {
      const currentDate = new Date(this.#now());
      const { payload } = await jwtVerify(text, this.#key, { algorithms: [algorithm], issuer, audience, currentDate });
      const { sid, exp } = payloadShape.parse(payload);
      return { sessionId: sid, until: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
