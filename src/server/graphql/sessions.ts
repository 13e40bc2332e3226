// Signing in and out, passwords, users and API tokens: what tables and functions can not offer, since it is about secrets.
import { access, context, type FieldArgs, lambda, list, object, type Step, sideEffect } from 'postgraphile/grafast';
import { extendSchema } from 'postgraphile/utils';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { changePassword, createApiToken, createPasswordReset, createUser, resetPassword } from '../access/accounts.ts';
import { exchangeSignInCode, refreshSession, signIn, signOut } from '../access/sessions.ts';
import type { Visit } from '../access/visit.ts';
import { publicFault } from '../errors.ts';
import { resourceNamed } from './resources.ts';

const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Begins a session; needs no token. Raises AUTHN, with the same words whether there is such an account or not, and LIMIT after too many attempts."
    signIn(input: SignInInput!): SignInPayload
    "Begins the session of who signed in by OpenID Connect and was sent back with a code; needs no token. A code is good for a minute, once. Raises AUTHN."
    exchangeSignInCode(input: ExchangeSignInCodeInput!): ExchangeSignInCodePayload
    "Exchanges a refresh token for the next one and a new access token; needs no other token. A refresh token that is shown twice ends its session. Raises AUTHN."
    refreshSession(input: RefreshSessionInput!): RefreshSessionPayload
    "Ends the session that asks; what was signed for it is refused within two seconds. Raises FRBDN for an API token."
    signOut: SignOutPayload
    "Sets a new password and ends the other sessions. Raises BADIN, naming the field, FRBDN for an API token, LIMIT after too many attempts."
    changePassword(input: ChangePasswordInput!): ChangePasswordPayload
    "Sets a new password by a token that an admin made, and ends all sessions; needs no other token. Raises BADIN, naming the field."
    resetPassword(input: ResetPasswordInput!): ResetPasswordPayload
    "For admins: lets a user set a new password, once, within an hour. Raises NTFND, FRBDN."
    createPasswordReset(input: CreatePasswordResetInput!): CreatePasswordResetPayload
    "For admins: creates a user. Raises BADIN, naming the field, and FRBDN."
    createUser(input: CreateUserInput!): CreateUserPayload
    "Makes an API token of who asks, which can never do more than its user. Raises BADIN, naming the field, and FRBDN for an API token."
    createApiToken(input: CreateApiTokenInput!): CreateApiTokenPayload
  }

  input SignInInput {
    email: String!
    password: String!
  }

  input ExchangeSignInCodeInput {
    "The signInCode of the address that the browser was sent back to."
    code: String!
  }

  input RefreshSessionInput {
    refreshToken: String!
  }

  input ChangePasswordInput {
    currentPassword: String!
    "10 to 200 characters."
    newPassword: String!
  }

  input ResetPasswordInput {
    "As createPasswordReset, or createUser, told it."
    token: String!
    "10 to 200 characters."
    newPassword: String!
  }

  input CreatePasswordResetInput {
    userId: UUID!
  }

  input CreateUserInput {
    email: String!
    name: String!
    "Runs the installation: services, workspaces, users."
    isAdmin: Boolean! = false
    "10 to 200 characters. Absent: the payload has a token with which the user sets one."
    password: String
  }

  input CreateApiTokenInput {
    "What it is for, to be known by."
    name: String!
    "The most it may do in a workspace."
    role: MemberRole! = viewer
    "The only one it is for; absent: all of its user's."
    workspaceId: UUID
    "For admins: whether it may run the installation. Then its role is manager, and it is for every workspace."
    isAdmin: Boolean! = false
    "Absent: it never expires by itself."
    expiresAt: Datetime
  }

  "A session that has begun."
  type SignInPayload {
    user: User
    "For the header of each request: authorization: Bearer <accessToken>."
    accessToken: String
    accessTokenExpiresAt: Datetime
    "For refreshSession, once."
    refreshToken: String
  }

  "A session that has begun."
  type ExchangeSignInCodePayload {
    user: User
    "For the header of each request: authorization: Bearer <accessToken>."
    accessToken: String
    accessTokenExpiresAt: Datetime
    "For refreshSession, once."
    refreshToken: String
  }

  "A session that goes on."
  type RefreshSessionPayload {
    user: User
    "For the header of each request: authorization: Bearer <accessToken>."
    accessToken: String
    accessTokenExpiresAt: Datetime
    "For refreshSession, once."
    refreshToken: String
  }

  type SignOutPayload {
    user: User
  }

  type ChangePasswordPayload {
    user: User
  }

  type ResetPasswordPayload {
    "True: sign in with the new password."
    isDone: Boolean
  }

  type CreatePasswordResetPayload {
    user: User
    "For resetPassword, once, within an hour. Told here and never again."
    resetToken: String
  }

  type CreateUserPayload {
    user: User
    "For resetPassword, once, within an hour; null where a password was given. Told here and never again."
    resetToken: String
  }

  type CreateApiTokenPayload {
    apiToken: ApiToken
    "For the header of each request: authorization: Bearer <token>. Told here and never again."
    token: String
  }
`;

type Verb<T> = (access: Access, visit: Visit, input: unknown) => Promise<T>;

const changePasswordOf: Verb<unknown> = (access, visit, given) => {
  const [input, email] = asked.parse(given);
  return changePassword(access, visit, input, email);
};

const asked = z.tuple([z.unknown(), z.string().nullable()]);

function userIdOf({ claims }: Visit): string | null {
  return claims?.userId ?? null;
}

/** Too many attempts are said to whatever stands between us and the client as well. */
async function counted<T>(visit: Visit, work: Promise<T>): Promise<T> {
  return work.catch((error) => {
    visit.isLimited = publicFault(error)?.code === 'LIMIT';
    throw error;
  });
}

function run<T>(verb: Verb<T>, $input: Step) {
  return sideEffect([context().get('access'), context().get('visit'), $input], ([access, visit, input]) =>
    counted(visit, verb(access, visit, input)),
  );
}

/** @param fields of the payload that the verb's answer has under the same name */
const plan =
  <T>(verb: Verb<T>, ...fields: readonly string[]) =>
  (_$root: unknown, args: FieldArgs) =>
    payload(run(verb, args.getRaw('input')), fields);

function payload($done: Step, fields: readonly string[]) {
  return object(Object.fromEntries(fields.map((field) => [field, access($done, field)])));
}

export const SessionsPlugin = extendSchema((build) => {
  const users = resourceNamed(build, 'users');
  const apiTokens = resourceNamed(build, 'api_tokens');
  const ofUser = {
    scope: { isMutationPayload: true },
    plans: { user: ($payload: ReturnType<typeof payload>) => users.get({ id: $payload.get('userId') }) },
  };
  return {
    typeDefs,
    objects: {
      Mutation: {
        plans: {
          signIn: plan(signIn, 'userId', 'accessToken', 'accessTokenExpiresAt', 'refreshToken'),
          exchangeSignInCode: plan(exchangeSignInCode, 'userId', 'accessToken', 'accessTokenExpiresAt', 'refreshToken'),
          refreshSession: plan(refreshSession, 'userId', 'accessToken', 'accessTokenExpiresAt', 'refreshToken'),
          resetPassword: plan(resetPassword, 'isDone'),
          createPasswordReset: plan(createPasswordReset, 'userId', 'resetToken'),
          createUser: plan(createUser, 'userId', 'resetToken'),
          createApiToken: plan(createApiToken, 'id', 'token'),
          signOut: () =>
            payload(
              run(
                signOut,
                lambda(null, () => null),
              ),
              ['userId'],
            ),
          changePassword(_$root, args) {
            const $email = users.get({ id: lambda(context().get('visit'), userIdOf) }).get('email');
            return payload(run(changePasswordOf, list([args.getRaw('input'), $email])), ['userId']);
          },
        },
      },
      SignInPayload: ofUser,
      ExchangeSignInCodePayload: ofUser,
      RefreshSessionPayload: ofUser,
      SignOutPayload: ofUser,
      ChangePasswordPayload: ofUser,
      ResetPasswordPayload: { scope: { isMutationPayload: true } },
      CreatePasswordResetPayload: ofUser,
      CreateUserPayload: ofUser,
      CreateApiTokenPayload: {
        scope: { isMutationPayload: true },
        plans: { apiToken: ($payload) => apiTokens.get({ id: $payload.get('id') }) },
      },
    },
  };
}, 'PostilionSessionsPlugin');
