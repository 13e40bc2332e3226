import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import { type EmbeddedOptions, ensureDatabase, startEmbedded } from './embedded.ts';
import { codeOf } from './error_code.ts';
import { withDatabase } from './pool.ts';
import { DatabaseUnusable } from './unusable.ts';

export { DatabaseUnusable } from './unusable.ts';

/** The directory of this checkout. */
export const projectDir = join(import.meta.dirname, '..', '..');

export const oldestVersion = 150_000;

const patienceMs = 10_000;

const roles = ['authenticator', 'visitor', 'user', 'admin', 'worker', 'operator'].map((name) => `postilion_${name}`);

export interface OpenOptions {
  /** Absent: the one DATABASE_URL names, or "postilion" in the embedded server. */
  database?: string;
  /** When another process runs the embedded server already; default: attach to it. */
  onRunning?: EmbeddedOptions['onRunning'];
  log?: (message: string) => void;
}

export interface Server {
  /** Of a database that exists. Holds the password. */
  url: string;
  embedded: boolean;
  /** Ends the embedded server where this process started it. */
  stop(): Promise<void>;
}

/**
 * The server named by DATABASE_URL once it is found fit, else the embedded one.
 * @throws DatabaseUnusable
 */
export async function openServer(
  config: Pick<Config, 'DATABASE_URL' | 'POSTILION_DATA_DIR'>,
  options: OpenOptions = {},
): Promise<Server> {
  const { DATABASE_URL: url } = config;
  if (url === undefined) return openEmbedded(config.POSTILION_DATA_DIR, options);
  const chosen = options.database === undefined ? url : withDatabase(parsed(url), options.database);
  await checkServer(chosen);
  return { url: chosen, embedded: false, stop: async () => {} };
}

async function openEmbedded(dataDir: string | undefined, options: OpenOptions): Promise<Server> {
  const { database = 'postilion', onRunning = 'attach', log } = options;
  const server = await startEmbedded({ dataDir, projectDir, name: 'main', onRunning, log });
  const url = await ensureDatabase(server.url(), database);
  return { url, embedded: true, stop: server.stop };
}

function parsed(url: string): string {
  if (URL.canParse(url)) return url;
  throw new DatabaseUnusable('DATABASE_URL is not an address like postgres://user:password@host:5432/database');
}

/** What a server says of itself and of us. */
export interface Facts {
  /** server_version_num */
  version: number;
  database: string;
  role: string;
  mayCreateSchemas: boolean;
  mayCreateRoles: boolean;
  missingRoles: string[];
}

async function checkServer(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: parsed(url),
    application_name: 'postilion',
    connectionTimeoutMillis: patienceMs,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    // A server that waits for a password would keep the connection, and this process, for a minute.
    client.end().catch(() => {});
    throw new DatabaseUnusable(unreachable(error, client), { cause: error });
  }
  const fault = faultOf(await askFacts(client).finally(() => client.end()));
  if (fault !== undefined) throw new DatabaseUnusable(fault);
}

function unreachable(error: unknown, { host, port, database, user }: pg.Client): string {
  const place = host.startsWith('/') ? host : `${host}:${port}`;
  switch (codeOf(error)) {
    case '3D000':
      return `the database "${database}" does not exist on ${place}; create it with: createdb -h ${host} -p ${port} -U ${user} ${database}`;
    case '28P01':
    case '28000':
      return `${place} refuses to log in the role "${user}"; mend the user or the password in DATABASE_URL`;
    case '42501':
      return `the role "${user}" may not connect to the database "${database}" on ${place}; as its owner run: grant connect on database "${database}" to "${user}"`;
    default:
      return `no PostgreSQL answers at ${place} (${codeOf(error)}); start it, or mend DATABASE_URL`;
  }
}

async function askFacts(client: pg.Client): Promise<Facts> {
  const { rows } = await client.query<Facts>(
    `select current_setting('server_version_num')::int as version,
            current_database() as database,
            current_user as role,
            has_database_privilege(current_database(), 'create') or to_regnamespace('app_public') is not null
              as "mayCreateSchemas",
            (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as "mayCreateRoles",
            array(select name from unnest($1::text[]) name where to_regrole(name) is null) as "missingRoles"`,
    [roles],
  );
  const [facts] = rows;
  if (facts === undefined) throw new DatabaseUnusable('the server gave no answer');
  return facts;
}

/** Why a server can not be used, and what to do; undefined: it can. */
export function faultOf({ version, database, role, ...facts }: Facts): string | undefined {
  if (version < oldestVersion) {
    return `the server runs PostgreSQL ${versionName(version)}; Postilion needs 15 or newer`;
  }
  if (!facts.mayCreateSchemas) {
    return `the role "${role}" may not create schemas in the database "${database}"; as its owner run: grant create on database "${database}" to "${role}"`;
  }
  if (!facts.mayCreateRoles && facts.missingRoles.length > 0) {
    return `the role "${role}" may not create the roles Postilion needs (${facts.missingRoles.join(', ')}); as a superuser run: alter role "${role}" createrole`;
  }
  return undefined;
}

// 90624 was 9.6.24; since 10 the middle digits are unused.
function versionName(version: number): string {
  const major = Math.floor(version / 10_000);
  return major < 10 ? `${major}.${Math.floor(version / 100) % 100}` : String(major);
}
