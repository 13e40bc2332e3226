import type { Queryable } from '../pool.ts';

/** Who somebody is, in the word of an OpenID Connect provider. */
export interface Identity {
  readonly issuer: string;
  /** Whom the issuer means, now and for ever; an address may become another's. */
  readonly subject: string;
  readonly email: string | null;
  /** Whether the issuer has seen that the address is theirs. */
  readonly emailIsVerified: boolean;
}

/**
 * Lets the code, by its SHA-256, begin one session of who that is.
 * @throws DatabaseError AUTHN when it is none of our users
 */
export async function createSignInCode(db: Queryable, identity: Identity, hash: Buffer): Promise<void> {
  const { issuer, subject, email, emailIsVerified } = identity;
  const values = [issuer, subject, email, emailIsVerified, hash];
  await db.query('select app_private.create_sign_in_code($1, $2, $3, $4, $5)', values);
}
