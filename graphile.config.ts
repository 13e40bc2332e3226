// Read by Graphile's own tools (`graphile config print`, `graphile-worker`). The server and the runners build theirs from the same parts,
// since the address of the embedded database is known only once it runs.
import './src/config.ts';

import { makePgService } from 'postgraphile/adaptors/pg';
import { loadConfig } from './src/config.ts';
import { forSession } from './src/database/pool.ts';
import { schemaPreset } from './src/server/graphql/preset.ts';

const config = loadConfig();

const pgServices =
  config.DATABASE_URL === undefined
    ? []
    : [
        makePgService({
          connectionString: forSession(config.DATABASE_URL, 'postilion_admin'),
          schemas: ['app_public'],
          pubsub: false,
        }),
      ];

const preset: GraphileConfig.Preset = {
  extends: [schemaPreset(config)],
  pgServices,
};

export default preset;
