// Why a sign-in did not come about, in our own words: what a provider, or a link, says is never shown.
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { publicFault } from '../../errors.ts';

export type Refusal =
  | 'noReturn'
  | 'badReturn'
  | 'foreign'
  | 'expired'
  | 'denied'
  | 'unknown'
  | 'away'
  | 'faulty'
  | 'later';

// OAuth 2.0, 4.1.2.1, and OpenID Connect, 3.1.2.6: what its user, or the provider's rules about them, decided.
const decisions = new Set([
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'login_required',
]);
const passing = new Set(['server_error', 'temporarily_unavailable']);
// The client library's words for: no answer in time, given up, and an HTTP status that is no answer.
const noAnswer = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

/** Null: nobody foresaw it. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof AuthorizationResponseError) return ofAnswer(error.error);
  if (error instanceof ResponseBodyError) return ofExchange(error);
  if (error instanceof WWWAuthenticateChallengeError) return 'faulty';
  if (error instanceof ClientError) return noAnswer.has(error.code ?? '') ? 'away' : 'faulty';
  // What fetch throws when it got no answer.
  if (error instanceof TypeError && error.message === 'fetch failed') return 'away';
  return ofDatabase(error);
}

function ofAnswer(error: string): Refusal {
  if (decisions.has(error)) return 'denied';
  return passing.has(error) ? 'away' : 'faulty';
}

/** The provider's code was used before, or is too old. */
function ofExchange({ error, status }: ResponseBodyError): Refusal {
  if (error === 'invalid_grant') return 'expired';
  return status >= 500 ? 'away' : 'faulty';
}

function ofDatabase(error: unknown): Refusal | null {
  switch (publicFault(error)?.code) {
    case 'AUTHN':
      return 'unknown';
    case 'UNAVL':
      return 'later';
    default:
      return null;
  }
}

/** What the log may know of an error: addresses, bodies and parameters have codes and tokens in them. */
export function factsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return {};
  const { name, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const told = 'error' in error ? shortCode(error.error) : undefined;
  const status = cause instanceof Response ? cause.status : 'status' in error ? error.status : undefined;
  return { name, code, told, status, reason: cause instanceof Error ? cause.message : undefined };
}

/** As RFC 6749 writes error codes; anyone may write something else there. */
function shortCode(told: unknown): string | undefined {
  return typeof told === 'string' && /^\w{1,60}$/.test(told) ? told : undefined;
}
