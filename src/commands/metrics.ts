// What serve, work and start have in common where they are watched.
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Exposition } from '../metrics/exposition.ts';
import type { Hindrance } from '../server/health.ts';

/** Where this process measures; undefined where nobody could read it: then nothing is measured. */
export async function openMetrics(config: Config, process: string): Promise<Exposition | undefined> {
  if (config.METRICS_PORT === undefined && config.METRICS_TOKEN === undefined) return undefined;
  const { Exposition } = await import('../metrics/exposition.ts');
  return new Exposition(process);
}

interface Watched {
  readonly config: Config;
  readonly metrics: Exposition | undefined;
  readonly hindrance: Hindrance;
  readonly log: Logger;
}

/**
 * Listens at METRICS_PORT, where there is one.
 * @returns what ends it
 */
export async function listenForMetrics({ config, metrics, hindrance, log }: Watched): Promise<() => Promise<void>> {
  const { METRICS_PORT: port } = config;
  if (port === undefined || metrics === undefined) return async () => {};
  const { startMetricsListener } = await import('../server/metrics_listener.ts');
  const listener = await startMetricsListener({ config, port, metrics, hindrance, log });
  return listener.close;
}
