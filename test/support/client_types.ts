// The types of the example client: the schema as gql.tada reads it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minifyIntrospection, outputIntrospectionFile } from 'gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { projectDir } from '../../src/database/server.ts';

/** Made of db/schema.graphql, so that it is in step with what is reviewed there. */
export async function clientTypes(): Promise<string> {
  const text = await readFile(join(projectDir, 'db/schema.graphql'), 'utf8');
  const introspection = introspectionFromSchema(buildSchema(text), { descriptions: false });
  return outputIntrospectionFile(minifyIntrospection(introspection), { fileType: '.d.ts', shouldPreprocess: true });
}
