// What start, serve and work have in common: configuration, a database that is up to date, the secret, a log.
import { type Config, loadConfig } from '../config.ts';
import { dataDirectory } from '../database/embedded.ts';
import { migrate } from '../database/migrate.ts';
import { loadSecret, type Secret } from '../database/secret.ts';
import { type OpenOptions, openServer, projectDir } from '../database/server.ts';
import { createLogger, type Logger } from '../log.ts';

export interface Installation {
  readonly config: Config;
  readonly log: Logger;
  readonly secret: Secret;
  /** Of the database, as its owner. */
  readonly url: string;
  readonly embedded: boolean;
  /** Stops the embedded server, where this process started it. */
  close(): Promise<void>;
}

/** Opens the installation and migrates its database. Throws ConfigError, DatabaseUnusable, MigrationFailed. */
export async function openInstallation(
  options: Pick<OpenOptions, 'database' | 'onRunning'> = {},
): Promise<Installation> {
  const config = loadConfig();
  const log = createLogger(config);
  const server = await openServer(config, { ...options, log: (message) => log.debug(message) });
  try {
    const done = await migrate({ url: server.url, log: (message) => log.debug(message) });
    if (done.migrations.length > 0) log.info({ migrations: done.migrations.length }, 'the database is up to date');
    const secret = await loadSecret(config, dataDirectory({ dataDir: config.POSTILION_DATA_DIR, projectDir }));
    return { config, log, secret, url: server.url, embedded: server.embedded, close: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
