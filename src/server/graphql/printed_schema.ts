// First: Graphile's libraries read their mode from the environment while they load.
import '../../config.ts';

import { makeSchema } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { lexicographicSortSchema, printSchema } from 'postgraphile/graphql';
import { loadConfig } from '../../config.ts';
import { createPool } from '../../database/pool.ts';
import { schemaPreset } from './preset.ts';

/**
 * The schema as text, sorted, so that it can be compared. With the defaults of an empty environment.
 * @param url of a migrated database
 */
export async function printedSchema(url: string): Promise<string> {
  const role = 'postilion_admin';
  const pool = createPool({ connectionString: url, applicationName: 'postilion schema', role, max: 2 });
  const service = makePgService({ pool, schemas: ['app_public'], pubsub: false });
  try {
    const { schema } = await makeSchema({ extends: [schemaPreset(loadConfig({}))], pgServices: [service] });
    return `${printSchema(lexicographicSortSchema(schema))}\n`;
  } finally {
    await service.release?.();
    await pool.end();
  }
}
