import pg from 'pg';
import { codeOf } from './error_code.ts';
import { withDatabase } from './pool.ts';
import { DatabaseUnusable } from './unusable.ts';

/**
 * An empty database of this name on the server of `url`; what had the name is dropped.
 * @returns its address
 * @throws DatabaseUnusable when someone is connected to it, or the role may not create databases
 */
export async function freshDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)}`);
    await client.query(`create database ${client.escapeIdentifier(name)}`);
    return withDatabase(url, name);
  } catch (error) {
    throw explained(error, name);
  } finally {
    await client.end();
  }
}

function explained(error: unknown, name: string): unknown {
  const code = codeOf(error);
  if (code === '55006') return new DatabaseUnusable(`the database "${name}" is in use; end what runs on it first`);
  if (code === '42501') return new DatabaseUnusable(`the role of DATABASE_URL may not create the database "${name}"`);
  return error;
}
