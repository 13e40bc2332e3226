import { createServer } from 'node:http';
import Koa from 'koa';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Secret } from '../database/secret.ts';
import { installBulk } from './bulk/routes.ts';
import { isUpload } from './bulk/upload.ts';
import { installErrorHandling } from './error_handling.ts';
import { installGraphql } from './graphql/install.ts';
import { installHealth } from './health.ts';
import { openIntake } from './intake.ts';
import { startListening } from './listening.ts';
import { limitRequestTime } from './request_time.ts';
import { installSecurityHeaders } from './security_headers.ts';
import { installTracking } from './tracking/routes.ts';
import { installWebhooks } from './webhooks/routes.ts';

/** How long a client may take to send headers, and a whole request: whoever dawdles holds a connection and memory. */
const headersMs = 15_000;
const requestMs = 60_000;
/** … and the upload of a file. */
const uploadMs = 3_600_000;

export interface ServerOptions {
  config: Config;
  /** Of the database, as a role that may become postilion_admin. */
  url: string;
  secret: Secret;
  log: Logger;
  /** 0: any free one. Default: the configuration's, as of host. */
  port?: number;
  host?: string;
  /** How webhooks reach the world, as for the confirmation of a subscription. Default: the world's own. */
  fetch?: typeof fetch;
}

export interface RunningServer {
  /** Without a trailing "/". */
  url: string;
  port: number;
  /** Answers what was asked, records what was taken in, and lets go of everything. */
  close(): Promise<void>;
}

/** Serves GraphQL, webhooks and tracking links. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, url, secret, log, port = config.PORT, host = config.HOST, fetch = globalThis.fetch } = options;
  const app = new Koa();
  const server = createServer({ headersTimeout: headersMs, requestTimeout: uploadMs });
  limitRequestTime(server, requestMs, isUpload);
  // Undone in reverse: the first thing opened is the last let go of.
  await using opened = new AsyncDisposableStack();
  const intake = opened.adopt(openIntake({ url, log }), ({ close }) => close());

  installErrorHandling(app, log);
  installSecurityHeaders(app);
  installHealth(app, intake.pool);
  opened.defer(installWebhooks(app, intake, { config, encryptionKey: secret.encryption, fetch, log }));
  installTracking(app, intake, { config, key: secret.tracking });
  opened.defer(installBulk(app, { url, log }));
  opened.defer(await installGraphql(app, server, { config, url, encryptionKey: secret.encryption, log }));

  server.on('request', app.callback());
  const listening = await startListening(server, port, host);
  opened.defer(listening.stop);
  return running(host, listening.port, opened.move());
}

function running(host: string, port: number, opened: AsyncDisposableStack): RunningServer {
  let closing: Promise<void> | null = null;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close() {
      closing ??= opened.disposeAsync();
      return closing;
    },
  };
}
