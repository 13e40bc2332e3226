// Requests against the schema itself, without a server, and the statements they cost.
import { after } from 'node:test';
import type pg from 'pg';
import { makeSchema } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafast } from 'postgraphile/grafast';
import { loadConfig } from '../../src/config.ts';
import { createPool } from '../../src/database/pool.ts';
import { schemaPreset } from '../../src/server/graphql/preset.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export interface Asked {
  data: unknown;
  errors: readonly { message: string; extensions: Record<string, unknown> }[];
  /** What was sent to the database, without what opens and closes transactions. */
  statements: readonly Statement[];
}

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

export interface SchemaUnderTest extends TestDatabase {
  ask(source: string, variableValues?: Record<string, unknown>): Promise<Asked>;
}

const frame = /^(begin|commit|rollback|select set_config|set jit)/;

/** The schema on a database of its own, until the tests of the suite are done. */
export async function schemaUnderTest(): Promise<SchemaUnderTest> {
  const database = await createTestDatabase();
  const role = 'postilion_admin';
  const pool = createPool({ connectionString: database.url, applicationName: 'postilion test', role, max: 4 });
  const statements: Statement[] = [];
  pool.on('connect', (client) => listenIn(client, statements));
  const service = makePgService({ pool, schemas: ['app_public'], pubsub: false });
  const { schema, resolvedPreset } = await makeSchema({
    extends: [schemaPreset(loadConfig({}))],
    pgServices: [service],
    grafast: { context: () => ({ pgSettings: { role } }) },
  });
  after(async () => {
    await service.release?.();
    await pool.end();
    await database.close();
  });
  const ask = async (source: string, variableValues: Record<string, unknown> = {}): Promise<Asked> => {
    statements.length = 0;
    const result = await grafast({ schema, source, variableValues, resolvedPreset, requestContext: {} });
    if (Symbol.asyncIterator in result) throw new Error('the answer is a stream');
    const { data, errors = [] } = result;
    const told = errors.map(({ message, extensions, originalError }) => ({
      message: originalError?.message ?? message,
      extensions: { ...extensions },
    }));
    return { data, errors: told, statements: statements.filter(({ text }) => !frame.test(text)) };
  };
  return { ...database, ask };
}

function listenIn(client: pg.PoolClient, statements: Statement[]): void {
  const query = client.query.bind(client);
  const heard = (...args: unknown[]) => {
    const [first] = args;
    const { text, values = [] } = typeof first === 'string' ? { text: first } : Object(first);
    statements.push({ text: String(text), values });
    return Reflect.apply(query, client, args);
  };
  Object.assign(client, { query: heard });
}
