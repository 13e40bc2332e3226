// What is known of a sign-in between its start and the provider's answer. It is kept by the browser, sealed, so that any process can answer,
// and so that the answer is taken from no other browser.
import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import type { RouterContext } from 'koa-router';
import { z } from 'zod';

// To find one's password, and one's telephone for the second factor.
const lifeMs = 10 * 60_000;
const header = { alg: 'dir', enc: 'A256GCM' };
const audience = 'postilion oidc sign-in';

const shape = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string() });

export type Attempt = Readonly<z.infer<typeof shape>>;

export interface AttemptsOptions {
  /** Of our callback: nothing else is told of an attempt. */
  readonly redirectUrl: URL;
  /** 32 bytes, of which a key of their own is made. */
  readonly key: Buffer;
  /** Milliseconds of the epoch. */
  readonly now: () => number;
}

export class Attempts {
  readonly #key: Uint8Array;
  readonly #now: () => number;
  readonly #path: string;
  readonly #isSecure: boolean;
  /** By the prefix browsers know that nobody without TLS may set it. */
  readonly #cookie: string;

  constructor({ redirectUrl, key, now }: AttemptsOptions) {
    this.#key = new Uint8Array(hkdfSync('sha256', key, 'postilion', 'oidc sign-in', 32));
    this.#now = now;
    this.#path = redirectUrl.pathname;
    this.#isSecure = redirectUrl.protocol === 'https:';
    this.#cookie = this.#isSecure ? '__Secure-postilion_oidc' : 'postilion_oidc';
  }

  /** In place of what the browser began before. */
  async keep(ctx: RouterContext, attempt: Attempt): Promise<void> {
    const expiry = new Date(this.#now() + lifeMs);
    const jwt = new EncryptJWT({ ...attempt }).setProtectedHeader(header);
    this.#set(ctx, await jwt.setAudience(audience).setExpirationTime(expiry).encrypt(this.#key));
  }

  /** Null: this browser began none, or too long ago. */
  async kept(ctx: RouterContext): Promise<Attempt | null> {
    const sealed = ctx.cookies.get(this.#cookie);
    return sealed === undefined ? null : this.#open(sealed);
  }

  forget(ctx: RouterContext): void {
    this.#set(ctx, null);
  }

  async #open(sealed: string): Promise<Attempt | null> {
    const { alg, enc } = header;
    const expected = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc], audience };
    try {
      const currentDate = new Date(this.#now());
      const { payload } = await jwtDecrypt(sealed, this.#key, { ...expected, requiredClaims: ['exp'], currentDate });
      return shape.parse(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  #set(ctx: RouterContext, value: string | null): void {
    const secure = this.#isSecure;
    // TLS may end in front of us: Koa sees none and would refuse.
    ctx.cookies.secure = secure;
    // Lax: the provider's answer is a navigation from its site to ours.
    const terms = { httpOnly: true, sameSite: 'lax', secure, path: this.#path, overwrite: true } as const;
    ctx.cookies.set(this.#cookie, value, { ...terms, maxAge: lifeMs });
  }
}
