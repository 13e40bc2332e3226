// A provider that says whatever a test wants it to: what a real one never would.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { portOf } from '../simulator/support.ts';

interface Reply {
  readonly status?: number;
  readonly body: unknown;
}

export interface ScriptedProvider {
  readonly issuer: string;
  /** In the place of what it would say of itself. */
  metadata: Record<string, unknown>;
  /** Of its token endpoint. */
  reply: Reply;
  userinfo: Reply;
  /** What the token endpoint was asked last. */
  readonly asked: { headers: IncomingHttpHeaders; body: string };
  /** Signed with the key it publishes. */
  sign(payload: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const keys = [{ ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid: 'published' }];
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${portOf(server)}`;
  const scripted: ScriptedProvider = {
    issuer,
    metadata: {},
    reply: { body: {} },
    userinfo: { body: {} },
    asked: { headers: {}, body: '' },
    sign: (payload) => new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'published' }).sign(privateKey),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  const about = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/keys`,
    ...scripted.metadata,
  });
  const replies: Readonly<Record<string, (request: IncomingMessage) => Promise<Reply>>> = {
    '/.well-known/openid-configuration': async () => ({ body: about() }),
    '/keys': async () => ({ body: { keys } }),
    '/userinfo': async () => scripted.userinfo,
    '/token': async (request) => {
      Object.assign(scripted.asked, { headers: request.headers, body: await text(request) });
      return scripted.reply;
    },
  };
  server.on('request', async (request, response) => {
    const { status = 200, body } = (await replies[request.url ?? '']?.(request)) ?? { status: 404, body: {} };
    response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return scripted;
}
