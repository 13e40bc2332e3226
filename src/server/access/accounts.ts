// Users, their passwords and their API tokens, as far as the database alone can not know: what is secret is made and hashed here.
import { z } from 'zod';
import { createApiToken as storeApiToken } from '../../database/access/create_api_token.ts';
import { createPasswordReset as storePasswordReset } from '../../database/access/create_password_reset.ts';
import { createUser as storeUser } from '../../database/access/create_user.ts';
import { isPasswordReset } from '../../database/access/is_password_reset.ts';
import { resetPassword as storePassword } from '../../database/access/reset_password.ts';
import { memberRoles } from '../../database/access/session_claims.ts';
import { setPassword } from '../../database/access/set_password.ts';
import { Fault } from '../errors.ts';
import type { Access } from './access.ts';
import { optional, parseInput } from './input.ts';
import { hashPassword, newPassword } from './passwords.ts';
import { accountWith, sessionOf } from './sessions.ts';
import { hashOfToken, newToken } from './tokens.ts';
import type { Visit } from './visit.ts';

const forChange = z.object({ currentPassword: z.string().max(1_000), newPassword });
const forReset = z.object({ token: z.string(), newPassword });
const forUser = z.object({ userId: z.uuid('expected an id') });
const forNewUser = z.object({
  email: z.string(),
  name: z.string(),
  isAdmin: z.boolean(),
  password: optional(newPassword),
});
const forApiToken = z.object({
  name: z.string(),
  role: z.enum(memberRoles),
  workspaceId: optional(z.string()),
  isAdmin: z.boolean(),
  expiresAt: optional(z.string()),
});

/**
 * Ends every other session of the user.
 * @param email of who asks; null: their account is gone
 * @throws Fault AUTHN, FRBDN, BADIN naming the field; DatabaseError LIMIT
 */
export async function changePassword(access: Access, visit: Visit, input: unknown, email: string | null) {
  const { sessionId, userId } = sessionOf(visit);
  const { currentPassword, newPassword } = parseInput(forChange, input);
  const account = await accountWith(access, visit, email ?? '', currentPassword);
  if (account?.userId !== userId) throw new Fault('BADIN', 'currentPassword: it is wrong');
  await setPassword(access.db, userId, await hashPassword(newPassword, visit.address), sessionId, account.passwordHash);
  return { userId };
}

/** @throws Fault BADIN naming the field; DatabaseError BADIN */
export async function resetPassword({ db }: Access, visit: Visit, input: unknown) {
  const { token, newPassword } = parseInput(forReset, input);
  const hash = hashOfToken('reset', token);
  // First: without a token anybody may ask, and hashing is work.
  if (hash === null || !(await isPasswordReset(db, hash)))
    throw new Fault('BADIN', 'token: it is wrong, was used, or is older than an hour');
  await storePassword(db, hash, await hashPassword(newPassword, visit.address));
  return { isDone: true };
}

/** @throws Fault AUTHN, FRBDN, BADIN; DatabaseError NTFND */
export async function createPasswordReset({ db }: Access, visit: Visit, input: unknown) {
  demandAdmin(visit);
  const { userId } = parseInput(forUser, input);
  const { text: resetToken, hash } = newToken('reset');
  await storePasswordReset(db, userId, hash);
  return { userId, resetToken };
}

/**
 * With a password, or with a token to set one.
 * @throws Fault AUTHN, FRBDN, BADIN; DatabaseError BADIN naming the field
 */
export async function createUser({ db }: Access, visit: Visit, input: unknown) {
  demandAdmin(visit);
  const { email, name, isAdmin, password } = parseInput(forNewUser, input);
  const passwordHash = password === null ? null : await hashPassword(password, visit.address);
  const { id: userId } = await storeUser(db, { email, name, isAdmin, passwordHash });
  if (passwordHash !== null) return { userId, resetToken: null };
  const { text: resetToken, hash } = newToken('reset');
  await storePasswordReset(db, userId, hash);
  return { userId, resetToken };
}

/**
 * For who asks. Not with an API token, which would make itself another that may more, or lives longer.
 * @throws Fault AUTHN, FRBDN, BADIN; DatabaseError BADIN naming the field
 */
export async function createApiToken({ db }: Access, visit: Visit, input: unknown) {
  const { userId } = sessionOf(visit);
  const { text: token, hash } = newToken('api');
  const id = await storeApiToken(db, { ...parseInput(forApiToken, input), userId, hash });
  return { id, token };
}

function demandAdmin({ claims }: Visit): void {
  if (claims === null) throw new Fault('AUTHN', 'a token is needed: sign in');
  if (!claims.isAdmin) throw new Fault('FRBDN', 'only an admin may do this');
}
