// GraphQL over HTTP and, for subscriptions, over websockets (graphql-transport-ws), both at /graphql.
// First: Graphile's libraries read their mode from the environment while they load.
import '../../config.ts';

import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import type Koa from 'koa';
import type { Logger } from 'pino';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/koa/v2';
import type { Config } from '../../config.ts';
import { createPool } from '../../database/pool.ts';
import type { MailMaker } from '../../tasks/preview.ts';
import type { Access } from '../access/access.ts';
import type { ServerContext } from './context.ts';
import { errorMask } from './errors.ts';
import { Listener } from './live/listener.ts';
import { type SchemaConfig, schemaPreset } from './preset.ts';
import { ruruPreset } from './ruru.ts';
import { visitOf } from './visits.ts';
import { installWebsockets } from './websockets.ts';

// May do nothing by itself; each transaction becomes who asks.
const role = 'postilion_authenticator';
// 10,000 contacts, or one template with room to spare.
const maxRequestBytes = 16_000_000;
// Two statements at once for each processor, and one. More, each in a process of its own, take the caches from each other: on two processors the same
// lists cost the database a sixth more with ten connections than with five.
const connections = Math.min(10, 2 * availableParallelism() + 1);

export interface GraphqlOptions {
  config: SchemaConfig & Pick<Config, 'NODE_ENV' | 'CORS_ORIGINS'>;
  url: string;
  access: Access;
  encryptionKey: Buffer;
  mailMaker: MailMaker;
  log: Logger;
}

/** @returns what ends it */
export async function installGraphql(app: Koa, server: Server, options: GraphqlOptions): Promise<() => Promise<void>> {
  const { config, url, access, encryptionKey, mailMaker, log } = options;
  const onError = (error: Error) => log.warn({ err: error }, 'a database connection broke');
  const pool = createPool({
    connectionString: url,
    applicationName: 'postilion graphql',
    role,
    max: connections,
    onError,
  });
  const listener = new Listener({ url, role, log });
  const pgSettingsForIntrospection = { role: 'postilion_admin' };
  const service = makePgService({ pool, schemas: ['app_public'], pubsub: false, pgSettingsForIntrospection });
  const pgl = postgraphile(servingPreset(options, service, { listener, encryptionKey, access, mailMaker }));
  const close = async () => {
    await listener.close();
    await pgl.release();
    await service.release?.();
    await pool.end();
  };
  try {
    const serv = pgl.createServ(grafserv);
    await Promise.all([pgl.getSchema(), serv.ready()]);
    await serv.addTo(app, server, false);
    installWebsockets(server, serv, { access, origins: config.CORS_ORIGINS, maxBytes: maxRequestBytes, log });
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

function servingPreset(
  { config, log }: GraphqlOptions,
  pgService: GraphileConfig.PgServiceConfiguration,
  context: ServerContext,
): GraphileConfig.Preset {
  const isDevelopment = config.NODE_ENV === 'development';
  return {
    extends: [schemaPreset(config), ...(isDevelopment ? [ruruPreset] : [])],
    pgServices: [pgService],
    grafast: {
      context(request) {
        const visit = visitOf(request);
        return { ...context, visit, pgSettings: visit.pgSettings };
      },
    },
    grafserv: {
      graphqlPath: '/graphql',
      graphiql: isDevelopment,
      graphiqlPath: '/ruru',
      graphiqlOnGraphQLGET: false,
      websockets: true,
      maxRequestLength: maxRequestBytes,
      maskError: errorMask(log),
    },
  };
}
