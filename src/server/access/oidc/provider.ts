// The provider, as far as openid-client leaves anything to say: what it tells of itself is asked for once an hour, and nothing it says is
// believed unsigned, though the standard would allow that over TLS.
import * as oidc from 'openid-client';
import type { Identity } from '../../../database/access/create_sign_in_code.ts';
import type { Attempt } from './attempts.ts';
import type { OidcSettings } from './settings.ts';

const freshMs = 60 * 60_000;
const timeoutSeconds = 10;
// Between the provider's clock and ours.
const toleranceSeconds = 60;

interface Known {
  readonly at: number;
  readonly configuration: oidc.Configuration;
}

export class Provider {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  #known: Known | null = null;
  #asking: Promise<oidc.Configuration> | null = null;

  /** @param now milliseconds of the epoch */
  constructor(settings: OidcSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /**
   * Where the browser is asked who its user is.
   * @throws why the provider could not be asked about itself
   */
  async addressFor({ state, nonce, verifier }: Attempt): Promise<string> {
    const { scopes, redirectUrl } = this.#settings;
    const address = oidc.buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectUrl.href,
      scope: scopes,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return address.href;
  }

  /**
   * Who it is, by the provider's answer.
   * @param query of the request to our callback
   * @throws why there is no answer, or none to believe
   */
  async identity(query: string, { state, nonce, verifier }: Attempt): Promise<Identity> {
    const configuration = await this.#configuration();
    const answer = new URL(this.#settings.redirectUrl);
    answer.search = query;
    const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new oidc.ClientError('there is no ID token');
    return {
      issuer: claims.iss,
      subject: claims.sub,
      ...(await addressIn(configuration, tokens.access_token, claims)),
    };
  }

  /** Who asks meanwhile waits for the same answer; a failure is not kept. */
  async #configuration(): Promise<oidc.Configuration> {
    if (this.#known !== null && this.#isFresh(this.#known)) return this.#known.configuration;
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** An age below 0: the clock was set back. */
  #isFresh({ at }: Known): boolean {
    const age = this.#now() - at;
    return age >= 0 && age < freshMs;
  }

  async #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const at = this.#now();
    const configuration = await oidc.discovery(
      issuer,
      clientId,
      { [oidc.clockTolerance]: toleranceSeconds },
      clientSecret === null ? oidc.None() : secretShown(clientSecret),
      { timeout: timeoutSeconds, execute: rulesFor(issuer) },
    );
    this.#known = { at, configuration };
    return configuration;
  }
}

/** A new attempt, which nobody can guess. */
export function newAttempt(returnTo: string): Attempt {
  const verifier = oidc.randomPKCECodeVerifier();
  return { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier, returnTo };
}

function rulesFor(issuer: URL): ((configuration: oidc.Configuration) => void)[] {
  // On this machine alone: config.ts sees to that.
  const isPrivate = issuer.protocol === 'http:';
  return isPrivate ? [oidc.enableNonRepudiationChecks, oidc.allowInsecureRequests] : [oidc.enableNonRepudiationChecks];
}

/** As the provider likes it; one that doesn't say likes the standard's default. */
function secretShown(secret: string): oidc.ClientAuth {
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server;
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

type Told = Readonly<Record<string, unknown>>;

/** The standard keeps the address for the second question; many providers answer it with the first. */
async function addressIn(configuration: oidc.Configuration, accessToken: string, claims: oidc.IDToken) {
  const { userinfo_endpoint } = configuration.serverMetadata();
  if (claims['email'] !== undefined || userinfo_endpoint === undefined) return address(claims);
  return address(await oidc.fetchUserInfo(configuration, accessToken, claims.sub));
}

/** Some providers write booleans as text. */
function address({ email, email_verified: verified }: Told): Pick<Identity, 'email' | 'emailIsVerified'> {
  return { email: typeof email === 'string' ? email : null, emailIsVerified: verified === true || verified === 'true' };
}
