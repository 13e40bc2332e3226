// The API without its server: operations of whomever one likes, by the settings of their transactions.
import '../../src/config.ts';

import { pino } from 'pino';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { hookArgs, subscribe } from 'postgraphile/grafast';
import { type ExecutionResult, GraphQLError, parse } from 'postgraphile/graphql';
import { loadConfig } from '../../src/config.ts';
import { createPool } from '../../src/database/pool.ts';
import { errorMask } from '../../src/server/graphql/errors.ts';
import { Listener } from '../../src/server/graphql/live/listener.ts';
import { schemaPreset } from '../../src/server/graphql/preset.ts';

export interface Heard {
  /** The next answer, as a client would see it; null when it is over. */
  next(): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface AnApi {
  subscribe(settings: Record<string, string>, query: string, variables?: Record<string, unknown>): Promise<Heard>;
  close(): Promise<void>;
}

export async function anApi(url: string): Promise<AnApi> {
  const log = pino({ level: 'silent' });
  const pool = createPool({ connectionString: url, applicationName: 'postilion test api', role: 'postilion_admin' });
  const listener = new Listener({ url, role: 'postilion_admin', log });
  const service = makePgService({ pool, schemas: ['app_public'], pubsub: false });
  const pgl = postgraphile({ extends: [schemaPreset(loadConfig({ NODE_ENV: 'test' }))], pgServices: [service] });
  const { schema, resolvedPreset } = await pgl.getSchemaResult();
  const masked = maskOf(errorMask(log));
  return {
    async subscribe(pgSettings, query, variableValues = {}) {
      const context = () => ({ listener, encryptionKey: Buffer.alloc(32), pgSettings });
      const preset = { ...resolvedPreset, grafast: { ...resolvedPreset.grafast, context } };
      const document = parse(query);
      const args = await hookArgs({ schema, document, variableValues, resolvedPreset: preset, requestContext: {} });
      const answers = await subscribe(args);
      return Symbol.asyncIterator in answers ? heard(answers, masked) : heard(once(answers), masked);
    },
    async close() {
      await listener.close();
      await pgl.release();
      await service.release?.();
      await pool.end();
    },
  };
}

async function* once(answer: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield answer;
}

type Masked = (answer: object) => unknown;

function maskOf(mask: (error: GraphQLError) => GraphQLError): Masked {
  return (answer) => {
    if (!('errors' in answer) || !Array.isArray(answer.errors)) return answer;
    const errors = answer.errors.map((error: unknown) => mask(asGraphql(error)).toJSON());
    return { ...answer, errors };
  };
}

function asGraphql(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function heard(answers: AsyncGenerator<object, void, void>, masked: Masked): Heard {
  return {
    next: () =>
      answers.next().then(
        ({ done, value }) => (done ? null : masked(value)),
        // What ends a subscription reaches the client as the error that the websocket makes of it.
        (error: unknown) => masked({ errors: [error] }),
      ),
    [Symbol.asyncDispose]: async () => void (await answers.return()),
  };
}
