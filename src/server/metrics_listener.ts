// A listener of its own for those who watch a process: it stays reachable when the server's port is busy or shut, and a worker has no other.
import { createServer } from 'node:http';
import Koa from 'koa';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Exposition } from '../metrics/exposition.ts';
import { installErrorHandling } from './error_handling.ts';
import { type Hindrance, installHealth } from './health.ts';
import { startListening } from './listening.ts';
import { installMetrics } from './metrics.ts';

const headersMs = 5_000;
const requestMs = 15_000;

export interface MetricsListenerOptions {
  readonly config: Pick<Config, 'METRICS_HOST' | 'METRICS_TOKEN'>;
  /** 0: any free one. */
  readonly port: number;
  readonly metrics: Exposition;
  readonly hindrance: Hindrance;
  readonly log: Logger;
}

export interface MetricsListener {
  /** Of the root, without a trailing "/". */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws AddressUnusable when the port is taken or not allowed. */
export async function startMetricsListener(options: MetricsListenerOptions): Promise<MetricsListener> {
  const { config, port, metrics, hindrance, log } = options;
  const { METRICS_HOST: host, METRICS_TOKEN: token = null } = config;
  const app = new Koa();
  installErrorHandling(app, log);
  installHealth(app, hindrance);
  installMetrics(app, metrics, token);
  const server = createServer({ headersTimeout: headersMs, requestTimeout: requestMs }, app.callback());
  const listening = await startListening(server, port, host, 'METRICS_PORT');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
  log.info({ metrics: `${url}/metrics` }, 'metrics can be read');
  if (token === null && !isLoopback(host))
    log.warn({ host }, 'other machines can read the metrics: set METRICS_TOKEN, or METRICS_HOST to 127.0.0.1');
  return { url, close: listening.stop };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
