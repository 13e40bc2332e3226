// What start, serve and work have in common: configuration, a database that is up to date, the secret, a log.
import { type Config, readConfig } from '../config.ts';
import { serverLogin } from '../database/access/server_login.ts';
import { dataDirectory } from '../database/embedded.ts';
import { freshDatabase } from '../database/fresh.ts';
import { migrate } from '../database/migrate.ts';
import { loadSecret, type Secret } from '../database/secret.ts';
import { openServer, projectDir } from '../database/server.ts';
import { createLogger, type Logger } from '../log.ts';

export interface Installation {
  readonly config: Config;
  readonly log: Logger;
  readonly secret: Secret;
  /** Of the database, as its owner. */
  readonly url: string;
  /**
   * Of the database, as a server logs in.
   * @throws DatabaseUnusable
   */
  serverUrl(): Promise<string>;
  readonly embedded: boolean;
  /** Stops the embedded server, where this process started it. */
  close(): Promise<void>;
}

/**
 * Opens the installation and migrates its database.
 * @param fresh the name of a database to make anew, in place of the installation's own
 * @throws ConfigError, DatabaseUnusable, MigrationFailed
 */
export async function openInstallation({ fresh }: { fresh?: string } = {}): Promise<Installation> {
  const { config, nearMisses } = readConfig();
  const log = createLogger(config);
  for (const { key, says } of nearMisses) log.warn(`${key} is set, and means nothing: ${says}`);
  const server = await openServer(config, { log: (message) => log.debug(message) });
  try {
    const url = fresh === undefined ? server.url : await freshDatabase(server.url, fresh);
    const done = await migrate({ url, log: (message) => log.debug(message) });
    if (done.migrations.length > 0) log.debug({ migrations: done.migrations.length }, 'the database is up to date');
    const secret = await loadSecret(config, dataDirectory({ dataDir: config.POSTILION_DATA_DIR, projectDir }));
    const { embedded } = server;
    const serverUrl = () => serverLogin(config, { url, embedded });
    return { config, log, secret, url, serverUrl, embedded, close: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
