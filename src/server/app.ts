import { createServer } from 'node:http';
import Koa from 'koa';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { databaseHindrance } from '../database/readiness.ts';
import { knownKeys, type Secret } from '../database/secret.ts';
import type { Exposition } from '../metrics/exposition.ts';
import { IntakeMeters } from '../metrics/intake_meters.ts';
import { openAccess } from './access/access.ts';
import { installCors } from './access/cors.ts';
import { installGate } from './access/gate.ts';
import { installOidc } from './access/oidc/routes.ts';
import { installBulk } from './bulk/routes.ts';
import { isUpload } from './bulk/upload.ts';
import { installErrorHandling } from './error_handling.ts';
import { installGraphql } from './graphql/install.ts';
import { type Hindrance, installHealth } from './health.ts';
import { openIntake } from './intake.ts';
import { startListening } from './listening.ts';
import { installMetrics } from './metrics.ts';
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
  /** Of the database, by a login that may become postilion_authenticator and postilion_admin. */
  url: string;
  secret: Secret;
  log: Logger;
  /** 0: any free one. Default: the configuration's, as of host. */
  port?: number;
  host?: string;
  /** How webhooks reach the world, as for the confirmation of a subscription. Default: the world's own. */
  fetch?: typeof fetch;
  /** Further routes, behind the gate. */
  routes?: (app: Koa) => void;
  /** Milliseconds of the epoch, by which tokens expire and are looked up again. Default: the machine's clock. */
  now?: () => number;
  /** Where it measures; shown at its own port where METRICS_TOKEN is set. Absent: nothing is measured. */
  metrics?: Exposition | undefined;
}

export interface RunningServer {
  /** Without a trailing "/". */
  url: string;
  port: number;
  /** Why it can't do its work; null: it can. */
  hindrance(): Promise<string | null>;
  /** Answers what was asked, records what was taken in, and lets go of everything. */
  close(): Promise<void>;
}

/** Serves GraphQL, webhooks and tracking links. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, url, secret, log, port = config.PORT, host = config.HOST } = options;
  const { fetch = globalThis.fetch, now = Date.now, routes, metrics } = options;
  const app = new Koa();
  const trackingOrigin = config.TRACKING_BASE_URL ?? `http://${config.HOST}:${config.PORT}`;
  const mailMaker = { config, secret, trackingOrigin };
  const encryptionKeys = knownKeys(secret, 'encryption');
  const server = createServer({ headersTimeout: headersMs, requestTimeout: uploadMs });
  limitRequestTime(server, requestMs, isUpload);
  // Undone in reverse: the first thing opened is the last let go of.
  await using opened = new AsyncDisposableStack();
  const intake = opened.adopt(
    openIntake({ url, log, meters: metrics && new IntakeMeters(metrics.registry) }),
    ({ close }) => close(),
  );
  const access = opened.adopt(openAccess({ config, url, key: secret.access, log, now }), ({ db }) => db.end());

  installErrorHandling(app, log);
  installSecurityHeaders(app);
  const hindrance = () => databaseHindrance(intake.pool);
  installHealth(app, hindrance);
  if (metrics !== undefined && config.METRICS_TOKEN !== undefined) installMetrics(app, metrics, config.METRICS_TOKEN);
  opened.defer(installWebhooks(app, intake, { config, encryptionKeys, fetch, log }));
  installTracking(app, intake, { config, keys: knownKeys(secret, 'tracking') });
  installOidc(app, access, { config, key: secret.access, log, now });
  installCors(app, config.CORS_ORIGINS);
  installGate(app, access, config);
  opened.defer(installBulk(app, { url, log, config }));
  routes?.(app);
  opened.defer(
    await installGraphql(app, server, { config, url, access, encryptionKey: secret.encryption, mailMaker, log }),
  );

  server.on('request', app.callback());
  const listening = await startListening(server, port, host);
  opened.defer(listening.stop);
  if (!isLoopback(host))
    log.warn({ host }, 'requests come in unencrypted, from other machines too: TLS belongs in front');
  return running(reachable(host), listening.port, hindrance, opened.move());
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** Where this machine reaches itself, when the server listens on every address it has. */
function reachable(host: string): string {
  return { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
}

function running(host: string, port: number, hindrance: Hindrance, opened: AsyncDisposableStack): RunningServer {
  let closing: Promise<void> | null = null;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    hindrance,
    close() {
      closing ??= opened.disposeAsync();
      return closing;
    },
  };
}
