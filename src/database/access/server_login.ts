// How the server logs in, which need not be as the owner: requests become who asks from a role that may do nothing by itself.
import { hkdfSync } from 'node:crypto';
import pg from 'pg';
import type { Config } from '../../config.ts';
import { codeOf } from '../error_code.ts';
import { withDatabase } from '../pool.ts';
import { DatabaseUnusable } from '../unusable.ts';

const role = 'postilion_authenticator';

/** Any number that nothing else locks in the database "postgres". */
const lockKey = 7_264_918_305_121;

/**
 * The address by which the server logs in to a migrated database.
 * @param url of the same database, as its owner
 * @throws DatabaseUnusable when SERVER_DATABASE_URL is no way in
 */
export async function serverLogin(
  { SERVER_DATABASE_URL: given }: Pick<Config, 'SERVER_DATABASE_URL'>,
  { url, embedded }: { url: string; embedded: boolean },
): Promise<string> {
  if (given === undefined) return embedded ? authenticatorLogin(url) : url;
  if (!URL.canParse(given))
    throw new DatabaseUnusable('SERVER_DATABASE_URL is no address like postgres://user:password@host:5432/database');
  const own = withDatabase(given, new URL(url).pathname.slice(1));
  const fault = await faultOf(own);
  if (fault !== null) throw new DatabaseUnusable(`SERVER_DATABASE_URL can not be used: ${fault}`);
  return own;
}

/**
 * Lets postilion_authenticator itself log in, by a password that whoever knows the owner's can derive: nothing more has to be kept.
 * @param url as the owner, with a password
 */
export async function authenticatorLogin(url: string): Promise<string> {
  const login = new URL(url);
  login.username = role;
  login.password = Buffer.from(hkdfSync('sha256', login.password, 'postilion', role, 32)).toString('base64url');
  if ((await faultOf(login.href)) !== null) await setPassword(withDatabase(url, 'postgres'), login.password);
  return login.href;
}

/** Roles belong to the whole server, and of two changes of one at once PostgreSQL fails the second: hence the lock. */
async function setPassword(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'postilion migrate' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await client.query(`alter role ${role} login password ${pg.escapeLiteral(password)}`);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/** Why this is no way in; null: it is. */
async function faultOf(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, application_name: 'postilion' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(`set role ${role}`);
    return null;
  } catch (error) {
    const code = codeOf(error);
    return code === '42501' ? `its role is not allowed to become ${role}` : `no connection (${code})`;
  } finally {
    await client.end();
  }
}
