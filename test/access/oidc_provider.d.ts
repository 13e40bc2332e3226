// oidc-provider brings no types of its own. Only what we use is declared.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type { JWK } from 'jose';

  export interface Configuration {
    clients: readonly Readonly<Record<string, unknown>>[];
    claims: Readonly<Record<string, readonly string[]>>;
    conformIdTokenClaims: boolean;
    cookies: { keys: readonly string[] };
    features: { devInteractions: { enabled: boolean } };
    findAccount: (ctx: unknown, id: string) => { accountId: string; claims: () => object };
    interactions: { url: (ctx: unknown, interaction: { uid: string }) => string };
    jwks: { keys: readonly JWK[] };
    pkce: { required: () => boolean };
    renderError: (ctx: { body: unknown }, out: object) => void;
    ttl: Readonly<Record<string, number>>;
  }

  export interface Grant {
    addOIDCScope(scopes: string): void;
    /** @returns its id */
    save(): Promise<string>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    readonly Grant: new (whose: {
      accountId: string;
      clientId: string;
    }) => Grant;
    /** Sends the browser on with what came of the interaction. */
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }
}
