// Basic authentication, as EngageLab does it.

export interface Login {
  /** As named, right or wrong. */
  readonly apiUser: string | null;
  readonly valid: boolean;
}

export const AUTHENTICATION_FAILED = { code: 30_000, message: 'Authentication failed' };

export function loginOf(authorization: string, accounts: Readonly<Record<string, string>>): Login {
  const token = /^Basic\s+(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) return { apiUser: null, valid: false };
  const [apiUser = '', ...rest] = Buffer.from(token, 'base64').toString('utf8').split(':');
  return { apiUser, valid: Object.hasOwn(accounts, apiUser) && accounts[apiUser] === rest.join(':') };
}
