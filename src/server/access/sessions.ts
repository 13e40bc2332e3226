// Sessions begin with a password, go on by refresh tokens, and end. No message says whether there is an account.
import { z } from 'zod';
import { type Account, beginSignIn } from '../../database/access/begin_sign_in.ts';
import { completeSignIn } from '../../database/access/complete_sign_in.ts';
import { endSession } from '../../database/access/end_session.ts';
import { exchangeSignInCode as exchangeCode } from '../../database/access/exchange_sign_in_code.ts';
import { refreshSession as exchange } from '../../database/access/refresh_session.ts';
import type { Claims } from '../../database/access/session_claims.ts';
import { Fault } from '../errors.ts';
import type { Access } from './access.ts';
import { parseInput } from './input.ts';
import { isPassword } from './passwords.ts';
import { hashOfToken, newToken } from './tokens.ts';
import type { Visit } from './visit.ts';

const text = z.string().max(1_000, 'expected 1,000 characters or fewer');
const forSignIn = z.object({ email: text, password: text });
const forCode = z.object({ code: text });
const forRefresh = z.object({ refreshToken: text });

/** What a client keeps of a session. */
export interface Begun {
  readonly userId: string;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string;
}

/** @throws Fault BADIN, AUTHN; DatabaseError AUTHN, LIMIT */
export async function signIn(access: Access, visit: Visit, input: unknown): Promise<Begun> {
  const { email, password } = parseInput(forSignIn, input);
  const account = await accountWith(access, visit, email, password);
  if (account === null) throw new Fault('AUTHN', 'the address or the password is wrong');
  const refresh = newToken('refresh');
  return begun(access, visit, await completeSignIn(access.db, account, refresh.hash), refresh.text);
}

/**
 * Of who signed in elsewhere and was sent back with a code.
 * @throws Fault BADIN, AUTHN
 */
export async function exchangeSignInCode(access: Access, visit: Visit, input: unknown): Promise<Begun> {
  const hash = hashOfToken('code', parseInput(forCode, input).code);
  const refresh = newToken('refresh');
  const claims = hash === null ? null : await exchangeCode(access.db, hash, refresh.hash);
  if (claims === null)
    throw new Fault('AUTHN', 'the code is wrong, was used, or is older than a minute: sign in again');
  return begun(access, visit, claims, refresh.text);
}

/** Whose password it is; null: nobody's with this address. Each call counts as an attempt to sign in. */
export async function accountWith(
  access: Access,
  visit: Visit,
  email: string,
  password: string,
): Promise<Account | null> {
  const account = await beginSignIn(access.db, email, visit.address);
  return (await isPassword(password, account?.passwordHash ?? null, visit.address)) ? account : null;
}

/** @throws Fault BADIN, AUTHN */
export async function refreshSession(access: Access, visit: Visit, input: unknown): Promise<Begun> {
  const hash = hashOfToken('refresh', parseInput(forRefresh, input).refreshToken);
  if (hash === null) throw spent();
  const next = newToken('refresh');
  return begun(access, visit, await exchange(access.db, hash, next.hash), next.text);
}

/** @throws Fault AUTHN, BADIN */
export async function signOut({ db }: Access, visit: Visit): Promise<{ userId: string }> {
  const { sessionId, userId } = sessionOf(visit);
  await endSession(db, sessionId);
  return { userId };
}

/**
 * Who signed in, and with which session.
 * @throws Fault AUTHN for a visitor, FRBDN for an API token
 */
export function sessionOf({ claims }: Visit): { sessionId: string; userId: string } {
  if (claims === null) throw new Fault('AUTHN', 'a token is needed: sign in');
  const { sessionId, userId } = claims;
  if (sessionId === null) throw new Fault('FRBDN', 'an API token may not do this: sign in');
  return { sessionId, userId };
}

/** The request goes on as who has signed in. */
async function begun(
  { accessTokens }: Access,
  visit: Visit,
  claims: Claims | null,
  refreshToken: string,
): Promise<Begun> {
  if (claims === null || claims.sessionId === null) throw spent();
  visit.become(claims);
  const { text: accessToken, expiresAt } = await accessTokens.issue(claims.sessionId);
  return { userId: claims.userId, accessToken, accessTokenExpiresAt: expiresAt.toISOString(), refreshToken };
}

function spent(): Fault {
  return new Fault('AUTHN', 'the refresh token is not valid, or not any more: sign in');
}
