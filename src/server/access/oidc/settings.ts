import type { Config } from '../../../config.ts';

export type OidcConfig = Pick<
  Config,
  'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_SCOPES' | 'OIDC_REDIRECT_URL' | 'OIDC_RETURN_URLS'
>;

export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  readonly scopes: string;
  /** Of our callback, as the provider and browsers know it. */
  readonly redirectUrl: URL;
  /** Origins and addresses that a browser may be sent on to. */
  readonly returnUrls: readonly string[];
}

/** Null: nobody signs in this way. */
export function oidcSettings(config: OidcConfig): OidcSettings | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_REDIRECT_URL } = config;
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined || OIDC_REDIRECT_URL === undefined) return null;
  return {
    issuer: new URL(OIDC_ISSUER),
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET ?? null,
    scopes: config.OIDC_SCOPES,
    redirectUrl: new URL(OIDC_REDIRECT_URL),
    returnUrls: config.OIDC_RETURN_URLS,
  };
}
