// A real provider, on a port of its own, and somebody at the browser who is signed in by it without a question.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { portOf } from '../simulator/support.ts';

/** What the provider says of a person beside their subject. */
export interface Person {
  readonly email?: string;
  readonly email_verified?: boolean;
}

/** What comes of the provider's question: a person, or an error. */
type Answer = { readonly subject: string } | { readonly error: string; readonly error_description: string };

export interface TestProvider {
  readonly issuer: string;
  /** By subject. */
  readonly people: Map<string, Person>;
  /** Who sits at the browser from here on. */
  answer: Answer;
  /** Requests by path. */
  readonly asked: string[];
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

const clientId = 'postilion';
const clientSecret = 'known to the provider and to us alone';

/** @param redirectUrl of the client, as it is registered */
export async function startProvider(redirectUrl: string): Promise<TestProvider> {
  const server = createServer();
  await listen(server, 0);
  const port = portOf(server);
  const people = new Map<string, Person>();
  const signedIn: TestProvider = {
    issuer: `http://127.0.0.1:${port}`,
    people,
    answer: { subject: 'nobody' },
    asked: [],
    goAway: () => close(server),
    comeBack: () => listen(server, port),
  };
  const provider = new Provider(signedIn.issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUrl] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: true,
    cookies: { keys: ['of a test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    jwks: { keys: [await aKey()] },
    pkce: { required: () => true },
    renderError: (ctx, out) => {
      ctx.body = out;
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  });
  const answerRest = provider.callback();
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', signedIn.issuer);
    signedIn.asked.push(pathname);
    if (!pathname.startsWith('/interaction/')) return answerRest(request, response);
    void interact(provider, signedIn.answer, request, response);
  });
  return signedIn;
}

/** What the server has to know of it. */
export function providerConfig({ issuer }: TestProvider, redirectUrl: string): NodeJS.ProcessEnv {
  return {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_REDIRECT_URL: redirectUrl,
  };
}

/** In place of a page with a form. */
async function interact(provider: Provider, answer: Answer, request: IncomingMessage, response: ServerResponse) {
  if ('error' in answer) return provider.interactionFinished(request, response, answer);
  const { subject: accountId } = answer;
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid email');
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

async function aKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'of a test' };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
