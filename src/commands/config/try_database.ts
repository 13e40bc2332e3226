// Whether the database can be used, is of this program's time, and holds nothing that the secret does not open.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../../config.ts';
import { serverLogin } from '../../database/access/server_login.ts';
import { placeOf } from '../../database/embedded/places.ts';
import { dataDirectory } from '../../database/embedded.ts';
import { sealedOtherwise } from '../../database/keys/sealed_otherwise.ts';
import { type Pending, pending } from '../../database/migrate/pending.ts';
import { keyIdOf } from '../../database/sealed.ts';
import { knownKeys, loadSecret, type Secret } from '../../database/secret.ts';
import { openServer, projectDir, type Server } from '../../database/server.ts';
import { DatabaseUnusable } from '../../database/unusable.ts';
import { failed, ok, skipped, type Trial, warning } from './trial.ts';

const everything = 1_000_000;

export async function tryDatabase(config: Config): Promise<Trial[]> {
  const dataDir = dataDirectory({ dataDir: config.POSTILION_DATA_DIR, projectDir });
  if (config.DATABASE_URL === undefined && !existsSync(placeOf(dataDir, 'main').data))
    return [ok('database', `The embedded one; the first start makes it, under ${dataDir}.`)];
  try {
    await using opened = new AsyncDisposableStack();
    const server = await openServer(config);
    opened.defer(() => server.stop());
    const db = new pg.Client({ connectionString: server.url, application_name: 'postilion config' });
    db.on('error', () => {});
    await db.connect();
    opened.defer(() => db.end());
    const due = await pending(db);
    return [
      ok(
        'database',
        `PostgreSQL ${await versionOf(db)} answers${server.embedded ? `; embedded, under ${dataDir}` : ''}.`,
      ),
      migrationsTrial(due),
      ...(await tryServerLogin(config, server, due)),
      await trySecret(config, dataDir, db, due),
    ];
  } catch (error) {
    if (!(error instanceof DatabaseUnusable)) throw error;
    return [
      failed('database', `It can not be used: ${error.message}.`, ''),
      skipped('migrations', 'Not tried: no database answers.'),
      skipped('secret', 'Not tried: no database answers.'),
    ];
  }
}

async function versionOf(db: pg.Client): Promise<string> {
  const { rows } = await db.query<{ version: string }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version`,
  );
  return rows[0]?.version ?? 'of a version unknown';
}

/** Exported for its test. */
export function migrationsTrial({ migrations, functions, unknown }: Pending): Trial {
  if (unknown.length > 0)
    return failed(
      'migrations',
      `The database is newer than this program: it has ${unknown.join(', ')}.`,
      'Run the version that migrated it, or a later one.',
    );
  if (migrations.length + functions.length === 0) return ok('migrations', 'The database is up to date.');
  return warning(
    'migrations',
    `Not applied yet: ${migrations.length} migrations, ${functions.length} functions.`,
    'The next start applies them; to do it now: postilion migrate.',
  );
}

async function tryServerLogin(config: Config, { url, embedded }: Server, due: Pending): Promise<Trial[]> {
  if (config.SERVER_DATABASE_URL === undefined || due.migrations.length > 0) return [];
  try {
    await serverLogin(config, { url, embedded });
    return [ok('server login', 'SERVER_DATABASE_URL logs in, and may become postilion_authenticator.')];
  } catch (error) {
    if (!(error instanceof DatabaseUnusable)) throw error;
    return [failed('server login', `${error.message}.`, 'Mend the role, or SERVER_DATABASE_URL.')];
  }
}

async function trySecret(config: Config, dataDir: string, db: pg.Client, due: Pending): Promise<Trial> {
  const where = config.POSTILION_SECRET === undefined ? join(dataDir, 'secret') : 'POSTILION_SECRET';
  if (config.POSTILION_SECRET === undefined && !existsSync(where))
    return ok('secret', `The first start makes one, in ${where}.`);
  if (due.migrations.length > 0) return skipped('secret', 'Not tried: the database is not up to date.');
  return secretTrial(where, await sealedIds(db, await loadSecret(config, dataDir)));
}

interface Sealed {
  /** By a secret that is known, but is not the present one. */
  readonly former: number;
  /** By none that is known. */
  readonly closed: number;
}

// A sealed value names its key, so nothing has to be opened to know whether it would open.
async function sealedIds(db: pg.Client, secret: Secret): Promise<Sealed> {
  const known = knownKeys(secret, 'encryption').map(keyIdOf);
  const values = await sealedOtherwise(db, keyIdOf(secret.encryption), [], everything);
  const former = values.filter(({ sealed }) => known.some((id) => id.equals(sealed.subarray(1, 1 + id.length))));
  return { former: former.length, closed: values.length - former.length };
}

function secretTrial(where: string, { former, closed }: Sealed): Trial {
  if (closed > 0)
    return failed(
      'secret',
      `${where} does not open ${closed} of the sealed values: their services can not send.`,
      'Set POSTILION_SECRET to what it was, or name it in POSTILION_PREVIOUS_SECRETS.',
    );
  if (former > 0)
    return warning(
      'secret',
      `${former} of the sealed values still need a secret of POSTILION_PREVIOUS_SECRETS.`,
      'When every machine has the new one: postilion rotate-secret.',
    );
  return ok('secret', `${where} opens everything that is sealed.`);
}
