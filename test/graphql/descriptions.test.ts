// Promise: every type, field, argument and enum value of the schema says what it is, in words of the matter and not of the tool that made it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { printedSchema } from '../../src/server/graphql/printed_schema.ts';
import { createTestDatabase } from '../support/database.ts';

interface Thing {
  name: string;
  description?: string | null | undefined;
}

const { url, close } = await createTestDatabase();
after(close);
const schema = buildSchema(await printedSchema(url));
const things = new Map<string, Thing>();
for (const type of Object.values(schema.getTypeMap())) {
  if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
  things.set(type.name, type);
  if (isEnumType(type)) for (const value of type.getValues()) things.set(`${type.name}.${value.name}`, value);
  if (!isObjectType(type) && !isInputObjectType(type)) continue;
  for (const field of Object.values(type.getFields())) {
    things.set(`${type.name}.${field.name}`, field);
    if ('args' in field) for (const arg of field.args) things.set(`${type.name}.${field.name}(${arg.name})`, arg);
  }
}

const those = (is: (description: string) => boolean) =>
  [...things]
    .filter(([, { description }]) => is(description ?? ''))
    .map(([path, { description }]) => `${path}: ${description}`);

test('nothing is without a description', () => {
  assert.ok(things.size > 500);
  assert.deepEqual(
    those((description) => description.trim() === ''),
    [],
  );
});

test('none speaks of what clients can not see', () => {
  assert.deepEqual(
    those((description) =>
      /app_(public|hidden|private)|\b[a-z]+_[a-z_]+_(at|ms|id)\b|PostgreSQL|Postgres|SQL|clientMutationId/.test(
        description,
      ),
    ),
    [],
  );
});

test('none is the tool’s own phrase', () => {
  assert.deepEqual(
    those((description) => /`|‘|pagination|collection|our (root|create|`)|data universe/.test(description)),
    [],
  );
});
